"""Explanation of findings: the facts, or the absence of facts, beneath each."""
