"""Queries on an input: evaluated within a time limit, with notes for the reader of the answer."""
