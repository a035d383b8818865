"""What if: facts are changed, everything is derived, validated and measured again, and the results are compared."""
