"""Coverage: how each statement of the guide is treated, and how its recommendations stand, agreement by agreement."""
