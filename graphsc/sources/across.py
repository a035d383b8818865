"""What is decided when all files are read: the base of ids, organisations with one number, and files in which nothing is understood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.cycles import strongly_connected
from graphsc.core.identifiers import DEFAULT_BASE
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.sources.files import RDF_SUFFIXES, File
from graphsc.sources.model import Source
from graphsc.sources.reporting import quoted, suggestion
from graphsc.sources.terms import Terms
from graphsc.sources.values import IDENTIFIERS


@dataclass(slots=True)
class _Waiting:
    """A source without a base: a function that reads it with one, and the text if it is RDF."""

    source: Source
    read: Callable[[str], None]
    text: str | None

    def is_relative(self) -> bool:
        """Whether something in it needs a base; for RDF, whether it cannot be read without one."""
        if self.text is None:
            return True
        return DEFAULT_BASE not in self.text and any(
            getattr(term, "value", "").startswith(DEFAULT_BASE)
            for quad in self.source.quads
            for term in (quad.subject, quad.predicate, quad.object)
        )


@dataclass(slots=True)
class Bases:
    """The bases that files name, each with its first place; and the files that wait for one.

    ``default`` is the base that the caller gives; it applies to every file without one.
    """

    default: str
    named: dict[str, Location] = field(default_factory=dict)
    waiting: list[_Waiting] = field(default_factory=list)

    def wait(self, source: Source, read: Callable[[str], None], text: str | None = None) -> None:
        """Read a file without a base at once if the caller gave one, otherwise after the other files.

        RDF, for which ``text`` is given, may name its own base or need none.
        """
        if self.default == DEFAULT_BASE:
            self.waiting.append(_Waiting(source, read, text))
        else:
            read(self.default)

    def read(self) -> list[Problem]:
        """Read the waiting files with the base of the others; several bases are a problem."""
        others = sorted(self.named)
        several = len(others) > 1
        unread: list[Source] = []
        for item in self.waiting:
            if not several or item.text is not None:
                item.read(others[0] if len(others) == 1 else self.default)
            if several and item.is_relative():
                item.source.complete, item.source.quads = False, []
                unread.append(item.source)
        if not unread:
            return []
        listed = [f"{quoted(base)} ({at})" for base, at in self.named.items()][:2]
        more = len(unread) - 1
        tail = Text(f" Det samme gælder {more} til.", f" The same goes for {more} more.") if more else Text("", "")
        message = Text(
            f"Filen mangler en base, og de andre filer er ikke enige om en: {' og '.join(listed)}. Skriv base i filen; den er ikke læst.{tail.da}",
            f"The file has no base, and the other files do not agree on one: {' and '.join(listed)}. Write base in the file; it was not read.{tail.en}",
        )
        return [Problem("several-bases", message, Location.at(unread[0].file, (1, 1)))]


def company_numbers(sources: Iterable[Source]) -> dict[tuple[str, str], set[str]]:
    """The organisations that have each company number; by the property and the normalised number."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source in sources:
        for predicate, (rule, _) in IDENTIFIERS.items():
            for quad in source.statements(predicate):
                if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                    proper = rule(quad.object.value)
                    if proper is not None:
                        numbers[predicate, proper].add(quad.subject.value)
    return numbers


def same_legal_unit(sources: Sequence[Source]) -> dict[str, str]:
    """For each replaced IRI of an organisation the IRI that is kept.

    Two organisations are one when they have the same valid CVR number or LEI, directly or through a third; the same name is not
    enough. A unit of an organisation (``g:unitOf``) carries its legal unit's number but stays itself. The IRI that
    is kept is the smallest as text.
    """
    units = {getattr(quad.subject, "value", "") for source in sources for quad in source.statements(v.G_UNIT_OF)}
    alike: dict[str, set[str]] = defaultdict(set)
    for holders in company_numbers(sources).values():
        for iri, other in pairwise(sorted(holders - units)):
            alike[iri].add(other)
            alike[other].add(iri)
    kept = {iri: min(part) for part in strongly_connected(alike) for iri in part}
    return {iri: kept[iri] for iri in sorted(kept) if kept[iri] != iri}


def unite(sources: list[Source], replaced: Mapping[str, str]) -> None:
    """Replace the IRIs of each legal unit by the kept one in every source; ``replaced`` gives the kept IRI for each.

    Places recorded for a replaced IRI are found by the kept one.
    """
    if not replaced:
        return
    nodes = {iri: NamedNode(kept) for iri, kept in replaced.items()}
    aliases: dict[str, tuple[str, ...]] = {}
    for iri, kept in replaced.items():
        aliases[kept] = (*aliases.get(kept, ()), iri)
    for source in sources:
        source.positions.aliases = aliases
        quads: list[Quad] = []
        for quad in source.quads:
            subject = nodes.get(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
            object_ = nodes.get(quad.object.value) if isinstance(quad.object, NamedNode) else None
            if subject is None and object_ is None:
                quads.append(quad)
            else:
                quads.append(Quad(subject or quad.subject, quad.predicate, object_ or quad.object, quad.graph_name))
        source.quads = list(dict.fromkeys(quads))


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
    why = _missing_hash(v.RDF.rstrip("#") in text) if file.suffix == ".xml" else _json_reason(text)
    return Problem(
        "unknown-contents",
        Text(
            f"Filen er hverken RDF eller OCDS, og intet i den er læst.{why.da}{_LEAVE_OUT.da}",
            f"The file is neither RDF nor OCDS, and nothing in it was read.{why.en}{_LEAVE_OUT.en}",
        ),
        Location(file.name),
    )


def _json_reason(text: str) -> Text:
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
    told = Text(" Navnerummet mangler nok sit afsluttende #.", " The namespace probably misses its final #.")
    return told if missing else Text("", "")


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
