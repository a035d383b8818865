"""The register as a workbook: the statements of the sources, sheet by sheet, to be edited and read again."""
