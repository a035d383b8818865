"""The register as a workbook, inquiries to suppliers, and their answers."""
