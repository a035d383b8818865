"""Duties, gaps in responsibility, what a leaver leaves behind, and who does what: a module for each, in all its formats."""
