"""The interactive map: one HTML file for a browser, without network."""
