"""The read-only SPARQL endpoint, whose queries run in child processes with limits."""
