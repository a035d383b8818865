"""What stops when something is lost."""
