"""Responsibility: who owes what by when, who does what, where that has gaps, and what a leaver leaves behind."""
