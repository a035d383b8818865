"""Analysis: the dependency graph, and what it says of concentration, resilience and weak links."""
