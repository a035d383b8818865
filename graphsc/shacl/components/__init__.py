"""The constraint components, a module for each group of them."""
