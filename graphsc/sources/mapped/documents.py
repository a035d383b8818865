"""Files of the formats that a mapping can read, as trees."""

from __future__ import annotations

from collections.abc import Iterator

from graphsc.sources.files import CSV, WORKBOOKS, File, decode
from graphsc.sources.mapped.paths import Kind, Path
from graphsc.sources.mapped.rdf_tree import read_rdf
from graphsc.sources.mapped.records import DocumentMapping, FieldMapping, RecordMapping
from graphsc.sources.mapped.tables import read_csv, read_workbook
from graphsc.sources.mapped.xml_tree import read_xml
from graphsc.sources.rdf.reader import FORMATS as RDF
from graphsc.sources.reporting import Reporter
from graphsc.sources.tree import Node, read_json

SUFFIXES = {
    "json": frozenset({".json"}),
    "xml": frozenset({".xml"}),
    "rdf": frozenset(RDF),
    "table": CSV | WORKBOOKS,
}
"""The file suffixes of each format."""


def suffixes(mapping: DocumentMapping) -> frozenset[str]:
    """The suffixes of the files that a mapping reads."""
    return frozenset(suffix for form in mapping.formats for suffix in SUFFIXES[form])


def read_document(file: File, content: bytes, mapping: DocumentMapping, report: Reporter) -> Node | None:
    """The tree of a file; None, with a problem, when it cannot be read."""
    if file.suffix in WORKBOOKS:
        return read_workbook(content, _keys_read(mapping), report)
    text = decode(content, report)
    if text is None:
        return None
    if not text.strip():
        report.add("empty-file", "Filen er tom.", "The file is empty.")
        return None
    if file.suffix in CSV:
        return read_csv(text, _keys_read(mapping), report)
    if file.suffix == ".json":
        return read_json(text, report)
    if file.suffix == ".xml" and "xml" in mapping.formats:
        return read_xml(text, report)
    return read_rdf(text, file.suffix, report)


def _keys_read(mapping: DocumentMapping) -> set[str]:
    """The keys that a mapping reads; in a table, the headings that it knows."""
    return {
        step.name
        for record in (*mapping.records, *mapping.shared.values())
        for path in _paths(record)
        for step in path
        if step.kind is Kind.KEY
    }


def _paths(record: RecordMapping) -> Iterator[Path]:
    yield record.at
    for condition in record.when:
        yield from (*condition.has, *condition.any, *condition.at)
    yield from (*(record.key or ()), *(path for paths in record.within for path in paths))
    for mapping in record.fields:
        yield from _paths_of(mapping)


def _paths_of(mapping: FieldMapping) -> Iterator[Path]:
    yield from mapping.at
    if isinstance(mapping.record, RecordMapping):
        yield from _paths(mapping.record)
