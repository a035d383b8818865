"""A store on disk: everything that was read, derived and judged, to be opened at once."""
