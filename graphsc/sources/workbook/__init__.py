"""Workbooks as sources: which sheets and columns there are, and what the cells say."""
