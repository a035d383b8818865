"""The difference between an answer, or an import, and the register, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.text import Language, Text
from graphsc.graph.differences import Difference, Kind
from graphsc.graph.labels import readable
from graphsc.sources.terms import Terms, load

_KINDS = {
    Kind.NEW: Text("ny", "new"),
    Kind.CHANGED: Text("ændret", "changed"),
    Kind.GONE: Text("væk", "gone"),
    Kind.CONTRADICTING: Text("strider mod registeret", "contradicts the register"),
}
_NOTHING = Text("Svaret siger det samme som registeret.", "The answer says the same as the register.")
_NONE = Text("intet", "nothing")


def lines(
    differences: Sequence[Difference], names: Mapping[str, str], party: str, by: str, on: str, language: Language
) -> Iterator[str]:
    """A line for who answered and when, then one for each difference, contradictions first."""
    name = called(party, names)
    yield Text(f"Svar fra {name}, givet af {by} {on}:", f"Answer of {name}, given by {by} on {on}:")[language]
    if not differences:
        yield _NOTHING[language]
    yield from changes(differences, names, language)


def called(iri: str, names: Mapping[str, str]) -> str:
    """The name of a thing, or what its IRI can be read as."""
    return names.get(iri) or readable(iri)


def changes(differences: Sequence[Difference], names: Mapping[str, str], language: Language) -> Iterator[str]:
    """A line for each difference, contradictions first."""
    terms = load()
    ranks = [Kind.CONTRADICTING, Kind.CHANGED, Kind.GONE, Kind.NEW]
    for difference in sorted(
        differences, key=lambda difference: (ranks.index(difference.kind), difference.subject, difference.predicate)
    ):
        iri = difference.predicate[1:-1]
        prop = terms.properties.get(iri)
        known = {v.RDF_TYPE: Text("type", "type"), v.RDFS_LABEL: Text("navn", "name")}
        label = (prop.label if prop is not None else known.get(iri, Text.same(v.local_name(iri))))[language]
        before, after = (
            ", ".join(_shown(value, names, terms, language) for value in values) or _NONE[language]
            for values in (difference.recorded, difference.answered)
        )
        yield f"{_KINDS[difference.kind][language]}: {called(difference.subject[1:-1], names)} – {label}: {before} → {after}"


def _shown(term: str, names: Mapping[str, str], terms: Terms, language: Language) -> str:
    (quad,) = parse(f"<urn:x> <urn:x> {term} .", RdfFormat.N_TRIPLES)
    value = quad.object
    if not isinstance(value, NamedNode):
        return value.value if isinstance(value, Literal) else term
    known = terms.classes.get(value.value) or terms.concepts.get(value.value)
    return known.label[language] if known is not None else called(value.value, names)
