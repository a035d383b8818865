"""YAML with Danish or English keys."""
