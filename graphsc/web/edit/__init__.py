"""Forms that write evidence into the served files, made from the examples of the rules."""
