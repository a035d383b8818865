"""Keeping what was derived and judged up to date: after a change, only what the change can reach is worked out again."""
