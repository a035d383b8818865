"""Workbooks on the command line: written, asked of a supplier, and read back."""
