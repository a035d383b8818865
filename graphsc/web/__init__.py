"""The desk: pages, SPARQL and forms over an input that is read once and watched (``graphsc serve``)."""
