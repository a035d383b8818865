"""Open Contracting Data Standard."""
