"""Who may connect, who they are, what they may see, and what is noted of each request."""
