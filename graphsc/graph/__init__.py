"""The dataset: quads with their provenance."""
