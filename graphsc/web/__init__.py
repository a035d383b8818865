"""The web application of ``graphsc serve``: pages, SPARQL and forms over an input that is read once and watched."""
