"""Analysis: the dependency graph, and measures of concentration, resilience and exposure on it."""
