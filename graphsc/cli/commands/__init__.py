"""A module for each command, named as the command: its arguments, and what it does with them.

These modules do without ``from __future__ import annotations``: typer would have to compile the text of every
annotation when the command starts.
"""
