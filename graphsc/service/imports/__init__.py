"""Imports from other systems: read by a mapping, compared with the register, and written."""
