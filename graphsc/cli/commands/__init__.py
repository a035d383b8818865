"""The commands as they are written: their words and options, a module for each family.

What a command needs is imported when it runs, so that help is quick. For the same reason these modules do without
``from __future__ import annotations``: typer would have to compile the text of every annotation at each start.
"""
