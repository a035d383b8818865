"""Coverage: how each statement of the guide is treated, and the state of its recommendations for each agreement."""
