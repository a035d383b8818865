"""Concentration: which parties hold how much, directly and down the chain."""
