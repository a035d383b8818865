"""SPARQL by the protocol, read-only, each query in a process of its own that its limits stop."""
