"""In whose hands things lie."""
