"""Resilience: what stops when something is lost."""
