"""Access: limits and headers of connections, readers and their rights, and the access log."""
