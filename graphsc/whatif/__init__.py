"""What if: facts are changed, everything is derived, judged and measured again, and the two are compared."""
