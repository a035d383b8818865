"""A graph kept on disk: loaded once, changed by difference, open at once."""
