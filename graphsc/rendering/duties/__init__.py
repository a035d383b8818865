"""Renderings of who owes what and who does what: one list of duties or matrices, any number of ways to show it."""
