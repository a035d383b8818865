"""Drawings of the supply chain: the picture as a value, its layout, and a static SVG of it.

`model` has the nodes and edges, `projection` reads them from a derived dataset, `chain` reduces a picture to the chains of
some nodes, `layout` places them, and `svg` draws them. The interactive map and the report show the same picture.
"""
