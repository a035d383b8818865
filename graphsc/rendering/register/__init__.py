"""The register as a workbook: what the sources say, sheet by sheet, to be kept and read again."""
