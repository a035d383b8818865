"""The register as a workbook, what a supplier is asked of it, and its answer."""
