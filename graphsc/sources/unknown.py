"""Problems of files in which nothing is understood, with the likely reason, and of references that then cannot be checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.sources.files import RDF_SUFFIXES, File
from graphsc.sources.model import Source
from graphsc.sources.reporting import quoted, suggestion
from graphsc.sources.terms import Terms

_KEY = re.compile(r'"([^"\\]{1,80})"\s*:')
_NO_STATEMENT = Text("Der er ingen udsagn i filen.", "There is no statement in the file.")
_NOTHING = Text(
    "Filen siger intet om noget endnu; begynd med organisationer og kontrakter.",
    "The file says nothing about anything yet; begin with organisations and contracts.",
)
_LEAVE_OUT = Text(
    " Skal filen ikke læses, så nævn den under ignore-files i graphsc.toml.",
    " If it is not to be read, name it under ignore-files in graphsc.toml.",
)


def unknown_contents(file: File, text: str) -> Problem:
    """The problem of a file whose contents have no known format."""
    why = _reason(text, json=file.suffix != ".xml")
    return Problem(
        "unknown-contents",
        Text(
            f"Filen er hverken RDF eller OCDS, og intet i den er læst.{why.da}{_LEAVE_OUT.da}",
            f"The file is neither RDF nor OCDS, and nothing in it was read.{why.en}{_LEAVE_OUT.en}",
        ),
        Location(file.name),
    )


def _reason(text: str, json: bool) -> Text:
    if not json:
        return _missing_hash(v.RDF.rstrip("#") in text)
    keys = set(_KEY.findall(text[:100_000]))
    if {"id", "type"} <= keys and v.G in text:
        return Text(
            " Den ligner JSON-LD; der skriver man @id og @type, eller en @context, der siger det.",
            " It looks like JSON-LD, where one writes @id and @type, or a @context that says so.",
        )
    from graphsc.sources.ocds.reader import TOPS

    for key in sorted(keys):
        near = next((top for top in TOPS if top != key and top.casefold() == key.strip().casefold()), None)
        if near is not None:
            end = suggestion(near)
            return Text(f" Nøglen {quoted(key)} er ukendt.{end.da}", f" The key {quoted(key)} is unknown.{end.en}")
    return Text("", "")


def _missing_hash(missing: bool) -> Text:
    if not missing:
        return Text("", "")
    return Text(" Navnerummet mangler nok sit afsluttende #.", " The namespace probably misses its final #.")


def nothing_known(source: Source, terms: Terms, classes_of: Mapping[str, frozenset[str]]) -> Problem | None:
    """The problem of a source in which no statement is known; None where some are known, or where there are none."""
    if not source.quads or not source.complete or any(_is_known(source, terms, classes_of)):
        return None
    subjects: set[str] = set()
    named: set[str] = set()
    for quad in source.asserted():
        subjects.add(str(quad.subject))
        named.update(node.value for node in (quad.predicate, quad.object) if isinstance(node, NamedNode))
    why = _missing_hash(any(item.startswith(v.G.rstrip("#")) for item in named))
    number, nodes = len(source.quads), len(subjects)
    return Problem(
        "nothing-known",
        Text(
            f"Der er læst {number} udsagn om {nodes} ting, og ingen af dem er kendt.{why.da}{_LEAVE_OUT.da}",
            f"{number} statements about {nodes} nodes were read, and none of them is known.{why.en}{_LEAVE_OUT.en}",
        ),
        Location(source.file),
    )


def nothing_said(sources: Sequence[Source], reported: Collection[str]) -> Iterator[Problem]:
    """The problems of files without statements: always for RDF, for other files only if no file has statements.

    With other files that have statements, an empty list, or a tender without a contract, is a valid way to record
    that there is none. ``reported`` are the files that have a problem already.
    """
    alone = not any(source.quads for source in sources)
    for source in sources:
        rdf = any(source.file.lower().endswith(suffix) for suffix in RDF_SUFFIXES)
        if source.complete and not source.quads and source.file not in reported and (alone or rdf):
            yield Problem("empty-file", _NO_STATEMENT if rdf else _NOTHING, Location(source.file))


def _is_known(source: Source, terms: Terms, classes_of: Mapping[str, frozenset[str]]) -> Iterator[bool]:
    """For each statement whether it is known: it has a term of ours, a concept, or a node that another file describes."""
    concepts = (v.SKOS_CONCEPT, v.SKOS_PREF_LABEL, v.SKOS_ALT_LABEL, v.SKOS_IN_SCHEME)
    for quad in source.asserted():
        predicate, value = quad.predicate.value, getattr(quad.object, "value", "")
        yield (
            predicate in terms.properties
            or v.is_ours(predicate)
            or predicate in concepts
            or (predicate == v.RDF_TYPE and (value in terms.classes or value in concepts or v.is_ours(value)))
            or v.is_ours(getattr(quad.subject, "value", ""))
            or (predicate == v.RDFS_LABEL and getattr(quad.subject, "value", "") in classes_of)
        )


def unchecked_references(nodes: Mapping[str, tuple[Source, Quad]]) -> Iterator[Problem]:
    """One problem, at the first reference, if there are nodes that may be described in the unreadable input."""
    for iri, (source, quad) in list(nodes.items())[:1]:
        written = next(iter(source.words.get(iri, ())), iri)
        more = Text.counted(len(nodes) - 1, Text("anden", "other"), Text("andre", "others"))
        da, en = (f" og {more.da}", f" and {more.en} are") if len(nodes) > 1 else ("", " is")
        yield Problem(
            "unchecked-reference",
            Text(
                f"{quoted(written)}{da} er ikke beskrevet i det, der er læst, men kan stå i det, der ikke kan læses. "
                "Ret først det; før da kan henvisningerne ikke efterprøves.",
                f"{quoted(written)}{en} not described in what was read, but may be in what cannot be read. "
                "Mend that first; until then the references cannot be checked.",
            ),
            source.place(quad),
        )
