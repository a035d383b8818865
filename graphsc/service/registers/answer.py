"""A supplier's answer compared with the register: values that are new, changed, gone, or contradict recorded ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import digest
from graphsc.core.problems import Problem, Reasoned
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.graph.dataset import Dataset
from graphsc.graph.differences import Difference, Fact, Kind, fact, names, values
from graphsc.service.registers.ask import FACTS, IDENTITY, OF_OTHERS
from graphsc.sources import Sources, own_knowledge, read
from graphsc.sources.model import Source
from graphsc.sources.terms import load
from graphsc.sources.workbook.file import UnreadableError, open_book
from graphsc.sources.workbook.layout import Layout, layout, text_of

_PROV = "http://www.w3.org/ns/prov#"
_DCT = "http://purl.org/dc/terms/"
_TYPE = f"<{v.RDF_TYPE}>"
_PERFORMER = f"<{v.G}performer>"
_SOURCE = NamedNode("urn:graphsc:source:answer")


class AnswerError(Reasoned, ValueError):
    """A file is no answer to an inquiry; the reason in both languages."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer compared with the register: the party that was asked, the person who answered, and the day.

    ``names`` has the name of each thing by IRI. ``register`` is the register with the whole answer; None where something
    contradicts or could not be read.
    """

    party: str
    by: str
    on: str
    differences: tuple[Difference, ...]
    names: Mapping[str, str]
    problems: tuple[Problem, ...]
    register: Sources | None


def answer(file: Path, register: Sequence[Path], settings: Settings) -> Answer:
    """Compare an answer with the register. Raises `AnswerError` for a file that is no answer of a supplier in the register."""
    identity, base = _sent(file)
    additions = own_knowledge.read(settings.knowledge)
    ours = read(register, base=settings.base, additions=additions.triples)
    theirs = read([file], base=settings.base, additions=additions.triples)
    problems = (*additions.problems, *ours.problems, *(p for p in theirs.problems if p.code != "dangling-reference"))
    recorded, answered = _facts(ours), _facts(theirs)
    party = identity["party"]
    if not register:
        raise AnswerError(
            Text(
                f"Skriv også, hvilket register svaret skal sammenlignes med: graphsc import {file.as_posix()} REGISTER",
                f"Also name the register to compare the answer with: graphsc import {file.as_posix()} REGISTER",
            )
        )
    if not any(subject == f"<{party}>" for subject, _, _ in recorded):
        raise AnswerError(
            Text(
                f"Svaret er fra {party}, som ikke står i registeret.",
                f"The answer is from {party}, which is not in the register.",
            )
        )
    answerable = _answerable(layout(load(additions.triples)))
    answered |= _signed(f"<{party}>", answered - base, answerable)
    differences = tuple(_differences(base, answered, recorded, answerable, _of_others(party, answered, recorded)))
    safe = not problems and not any(difference.kind is Kind.CONTRADICTING for difference in differences)
    by, on = identity["by"], identity["on"]
    taken = _with_answer(ours, recorded, base, answered, _source(party, by, on)) if safe else None
    return Answer(
        party, by, on, differences, names(quad for item in (*ours.sources, *theirs.sources) for quad in item.statements(v.RDFS_LABEL)), problems,
        taken,
    )  # fmt: skip


def is_answer(file: Path) -> bool:
    """Whether a workbook was written by `ask`, whatever was changed in it."""
    try:
        return FACTS in {sheet.name for sheet in open_book(file.read_bytes()).sheets}
    except (OSError, UnreadableError):
        return False


def _sent(file: Path) -> tuple[dict[str, str], set[Fact]]:
    """The party and the person of an answer, and the facts that were recorded when the inquiry was sent."""
    try:
        book = open_book(file.read_bytes())
    except OSError:
        raise AnswerError(Text(f"{file.as_posix()} kan ikke læses.", f"{file.as_posix()} cannot be read.")) from None
    except UnreadableError as error:
        raise AnswerError(error.reason) from None
    sheets = {sheet.name: [[text_of(value).strip() for value in row] for row in sheet.rows] for sheet in book.sheets}
    if FACTS not in sheets or not book.sheets:
        raise AnswerError(
            Text(
                f"{file.as_posix()} er ikke et svar på graphsc ask.",
                f"{file.as_posix()} is not an answer to graphsc ask.",
            )
        )
    start = {row[0]: row[1] for row in sheets[book.sheets[0].name] if len(row) > 1 and row[0]}
    identity = {key: start.get(label, "") for key, label in IDENTITY.items()}
    for key, label in IDENTITY.items():
        if not identity[key]:
            raise AnswerError(Text(f"På første ark mangler: {label}.", f"On the first sheet there is no: {label}."))
    lines = (
        f"{row[0]} {row[1]} {''.join(row[2:])} ." for row in sheets[FACTS] if len(row) > 2 and row[0].startswith("<")
    )
    try:
        sent = {fact(quad) for quad in parse("\n".join(lines), RdfFormat.N_TRIPLES)}
    except SyntaxError:
        raise AnswerError(
            Text(
                f"Arket {FACTS} er ændret, så svaret kan ikke sammenlignes.",
                f"The sheet {FACTS} was changed, so the answer cannot be compared.",
            )
        ) from None
    return identity, sent


def _facts(sources: Sources) -> set[Fact]:
    return {fact(quad) for source in sources.sources for quad in source.asserted()}


def _answerable(workbook_layout: Layout) -> dict[str, set[str]]:
    """The properties that a supplier may answer for, by class, both as N-Triples."""
    properties: dict[str, set[str]] = {}
    for sheet in workbook_layout.sheets:
        for cls in sheet.classes if sheet.inquiry else ():
            properties.setdefault(f"<{cls}>", set()).update(f"<{iri}>" for iri in (*sheet.inquiry, v.RDFS_LABEL))
    return properties


def _signed(party: str, added: set[Fact], answerable: Mapping[str, set[str]]) -> set[Fact]:
    """The supplier as performer of added evidence without one: otherwise it would count as the customer's."""
    signed = {subject for subject, predicate, _ in added if predicate == _PERFORMER}
    return {
        (subject, _PERFORMER, party)
        for subject, predicate, cls in added
        if predicate == _TYPE and _PERFORMER in answerable.get(cls, ()) and subject not in signed
    }


def _of_others(party: str, answered: set[Fact], recorded: set[Fact]) -> set[str]:
    """The evidence, recorded or answered, that the supplier cannot answer for: that of parties not below it in the chain.

    The answer can make a new organisation a subcontractor, but not one that is in the register, such as the customer.
    """
    recorded_subjects = {subject for subject, _, _ in recorded}
    chain = {(s, p, o) for s, p, o in answered if p != f"<{v.G_SUPPLIER}>" or o not in recorded_subjects}
    dataset = Dataset()
    dataset.add(_SOURCE, (quad.triple for quad in _quads(recorded | chain)))
    return {str(row["node"]) for row in dataset.select(OF_OTHERS, party=NamedNode(party))}


def _differences(
    base: set[Fact],
    answered: set[Fact],
    recorded: set[Fact],
    answerable: Mapping[str, set[str]],
    others: Collection[str],
) -> Iterator[Difference]:
    """Every property of a thing whose values in the answer differ from those in the inquiry and from those recorded now.

    ``others`` is evidence of others, which the supplier may not change.
    """
    then, now, here = values(base), values(answered), values(recorded)
    for pair in sorted({(s, p) for s, p, _ in base ^ answered}):
        before, after, ours = (by.get(pair, set()) for by in (then, now, here))
        added, removed = after - before, before - after
        if added <= ours and not removed & ours:
            continue  # it is recorded so already
        typed = (pair[0], _TYPE)
        classes = now.get(typed, set()) | then.get(typed, set())
        whole = (typed in now) != (typed in then)
        outdated = bool(before - ours) or any(value.startswith('"') for value in (ours - before if added else ()))
        about = {iri for cls in classes for iri in answerable.get(cls, ())}
        if outdated or pair[0] in others or not (classes <= answerable.keys() if whole else pair[1] in about):
            kind = Kind.CONTRADICTING
        elif not before:
            kind = Kind.NEW
        else:
            kind = Kind.CHANGED if added else Kind.GONE
        yield Difference(kind, *pair, tuple(sorted(ours)), tuple(sorted(after)))


def _source(party: str, by: str, on: str) -> list[Quad]:
    """The provenance of an answer: the person and the day."""
    node = NamedNode("urn:graphsc:answer:" + digest((party, by, on)))
    return [
        Quad(node, NamedNode(_PROV + "wasAttributedTo"), NamedNode(party)),
        Quad(node, NamedNode(_DCT + "creator"), Literal(by)),
        Quad(node, NamedNode(_DCT + "date"), Literal(on, datatype=NamedNode(v.XSD_DATE))),
    ]


def _with_answer(
    ours: Sources, recorded: set[Fact], base: set[Fact], answered: set[Fact], source: list[Quad]
) -> Sources:
    """The register with the answer: gone facts removed, new ones added, with their provenance."""
    gone, new = base - answered, answered - base - recorded
    kept = [quad for item in ours.sources for quad in item.asserted() if fact(quad) not in gone]
    added = list(_quads(new))
    things = dict.fromkeys(quad.subject for quad in added)
    origins = [Quad(thing, NamedNode(_PROV + "wasDerivedFrom"), source[0].subject) for thing in things]
    quads = [*kept, *added, *(source if added or gone else []), *origins]
    return Sources([Source.unplaced(quads, _SOURCE, ours.base)], [], concepts=ours.concepts)


def _quads(facts: set[Fact]) -> Iterator[Quad]:
    """The statements of facts, in their order."""
    return parse("\n".join(f"{s} {p} {o} ." for s, p, o in sorted(facts)), RdfFormat.N_TRIPLES)
