"""Explanations of findings and of statements, as text."""
