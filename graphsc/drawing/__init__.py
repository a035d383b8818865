"""Drawings of the supply chain: what is drawn, where it lies, and a static picture of it.

`model` says what is drawn, `reading` reads it from a derived dataset, `chain` keeps one chain of it, `layout` finds
the places, and `svg` writes the picture. The interactive map and the report show the same picture.
"""
