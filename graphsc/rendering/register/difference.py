"""How an answer or an import differs from the register, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.graph.differences import Difference, Kind, Taken
from graphsc.graph.labels import unlabelled
from graphsc.service.registers.answer import Answer
from graphsc.sources.mapped.paths import Unread
from graphsc.sources.mapped.reading import REPEATED
from graphsc.sources.reporting import quoted
from graphsc.sources.terms import Terms, load

_KINDS = {
    Kind.NEW: Text("ny", "new"),
    Kind.CHANGED: Text("ændret", "changed"),
    Kind.GONE: Text("væk", "gone"),
    Kind.CONTRADICTING: Text("strider mod registeret", "contradicts the register"),
}
_NOTHING = Text("Svaret siger det samme som registeret.", "The answer says the same as the register.")
_NONE = Text("intet", "nothing")
_LONG = 70
"""The most letters of a path that are shown."""
_MOST = 4
"""The most paths that are named for each reason to leave something out."""


def answer_lines(answer: Answer, language: Language) -> Iterator[str]:
    """A line with the person who answered and the day, then one for each difference, contradictions first."""
    name, by, on = called(answer.party, answer.names), answer.by, answer.on
    yield Text(f"Svar fra {name}, givet af {by} {on}:", f"Answer of {name}, given by {by} on {on}:")[language]
    if not answer.differences:
        yield _NOTHING[language]
    yield from changes(answer.differences, answer.names, language)


def called(iri: str, names: Mapping[str, str]) -> str:
    """The name of a thing, or the unlabelled end of its IRI."""
    return names.get(iri) or unlabelled(iri)


def changes(differences: Sequence[Difference], names: Mapping[str, str], language: Language) -> Iterator[str]:
    """A line for each difference, contradictions first."""
    terms = load()
    ranks = [Kind.CONTRADICTING, Kind.CHANGED, Kind.GONE, Kind.NEW]
    for difference in sorted(
        differences, key=lambda difference: (ranks.index(difference.kind), difference.subject, difference.predicate)
    ):
        iri = difference.predicate[1:-1]
        prop = terms.properties.get(iri)
        words = {v.RDF_TYPE: Text("type", "type"), v.RDFS_LABEL: Text("navn", "name")}
        label = (prop.label if prop is not None else words.get(iri, Text.same(v.local_name(iri))))[language]
        before, after = (
            ", ".join(_value(value, names, terms, language) for value in values) or _NONE[language]
            for values in (difference.recorded, difference.answered)
        )
        yield f"{_KINDS[difference.kind][language]}: {called(difference.subject[1:-1], names)} – {label}: {before} → {after}"


def _value(term: str, names: Mapping[str, str], terms: Terms, language: Language) -> str:
    (quad,) = parse(f"<urn:x> <urn:x> {term} .", RdfFormat.N_TRIPLES)
    value = quad.object
    if not isinstance(value, NamedNode):
        return value.value if isinstance(value, Literal) else term
    labelled = terms.classes.get(value.value) or terms.concepts.get(value.value)
    return labelled.label[language] if labelled is not None else called(value.value, names)


def import_lines(imported: Taken, language: Language) -> Iterator[str]:
    """An import in lines: what was read, what to look at, and what it would change."""
    files = Text.counted(len(imported.files), Text("fil", "file"), Text("filer", "files"))
    yield Text(
        f"Læst som {imported.name} ({files.da}): {imported.title.da}",
        f"Read as {imported.name} ({files.en}): {imported.title.en}",
    )[language]
    terms = load()
    for iri, count in imported.counts:
        cls = terms.classes.get(iri)
        yield f"  {cls.label[language] if cls is not None else unlabelled(iri)}: {count}"
    for title, rows in _parts(imported, language):
        if rows:
            yield from ("", title[language], *(f"  {row}" for row in rows))
    if imported.differences == ():
        yield from ("", Text("Registeret siger det samme.", "The register says the same.")[language])


def _parts(imported: Taken, language: Language) -> Iterator[tuple[Text, list[str]]]:
    """What to look at and what would change: headings with their lines, if any."""
    rows = [_line(problem, language) for problem in imported.problems if problem.code == REPEATED]
    others = [_line(problem, language) for problem in imported.problems if problem.code != REPEATED]
    count = len(others)
    yield Text(f"Ikke forstået og ikke taget med ({count}):", f"Not understood and not taken over ({count}):"), others
    yield Text(f"Flere rækker om det samme ({len(rows)}):", f"Several rows about the same ({len(rows)}):"), rows
    yield (
        Text(
            "Står i filerne, men læses ikke (antal værdier, og hvor den første står):",
            "In the files but not read (number of values, and where the first stands):",
        ),
        [f"{_short(entry.path)}: {entry.count} ({entry.first})" for entry in imported.unread if entry.reason is None],
    )
    yield Text("Udeladt med vilje:", "Left out on purpose:"), list(_aside(imported, language))
    yield (
        Text("Samme CVR-nummer eller LEI, så samme organisation:", "Same CVR number or LEI, so the same:"),
        [f"{unlabelled(entry.iri)} = {unlabelled(entry.kept)}" for entry in imported.merged],
    )
    yield (
        Text(
            "Ligner hinanden, men er ikke lagt sammen. Er de den samme, så giv dem samme id eller CVR-nummer:",
            "Alike, but not merged. If they are the same, give them one id or CVR number:",
        ),
        list(_alike(imported, language)),
    )
    yield (
        Text("I forhold til registeret:", "Compared with the register:"),
        list(changes(imported.differences or (), imported.names, language)),
    )


def _line(problem: Problem, language: Language) -> str:
    return f"{problem.location}: {problem.message[language]}"


def _aside(imported: Taken, language: Language) -> Iterator[str]:
    reasons: dict[Text, list[Unread]] = defaultdict(list)
    for entry in imported.unread:
        if entry.reason is not None:
            reasons[entry.reason].append(entry)
    for reason, several in reasons.items():
        count = sum(entry.count for entry in several)
        shown = list(dict.fromkeys(_short(entry.path) for entry in several))
        paths = ", ".join(shown[:_MOST]) + (" …" if len(shown) > _MOST else "")
        yield f"{paths}: {count} – {reason[language]}"


def _short(path: str) -> str:
    """A path, or the end of a long one."""
    text = path.removeprefix("[].").removesuffix(".#")
    while len(text) > _LONG and "." in text:
        text = text.partition(".")[2]
    return text if text == path.removeprefix("[].").removesuffix(".#") else f"….{text}"


def _alike(imported: Taken, language: Language) -> Iterator[str]:
    for entry in imported.alike:
        names = ", ".join(quoted(name) for name in entry.names)
        things = ", ".join(unlabelled(thing) for thing in entry.things)
        yield f"{names}: {entry.reason[language]} ({things})"
