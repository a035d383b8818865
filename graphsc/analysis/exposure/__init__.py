"""Access, break-ins and the weakest links."""
