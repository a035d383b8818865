"""Duties, gaps in responsibility, handovers and RACI matrices: a module for each, with all its formats."""
