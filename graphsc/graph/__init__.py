"""The dataset: quads with their provenance, in process, on a server or in a store on disk."""
