"""Workbooks as sources: sheets, columns and cells."""
