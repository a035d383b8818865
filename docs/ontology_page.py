"""The page of the ontology: each term with what it means, where it comes from, and what is made of it.

The usual generators of such pages know OWL, not the guide's statements, the words for YAML, or which rules and questions
read a term; so this one reads the Turtle, the rules and the questions themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
from terms import short

from graphsc import sparql
from graphsc.core.escape import markdown
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import (
    DOMAIN_INCLUDES,
    G_CONTAINER,
    G_DERIVED,
    G_KEY,
    G_SCHEME,
    OWL,
    OWL_CLASS,
    OWL_INVERSE_OF,
    RANGE_INCLUDES,
    RDF_TYPE,
    RDFS_DOMAIN,
    RDFS_LABEL,
    RDFS_RANGE,
    RDFS_SUBCLASS_OF,
    RDFS_SUBPROPERTY_OF,
    ROOT,
    SHACL,
    SKOS,
    SKOS_CONCEPT,
    SKOS_DEFINITION,
    SKOS_IN_SCHEME,
    SKOS_PREF_LABEL,
    STATEMENT,
    G,
    local_name,
)
from graphsc.derivation import rules as derivations
from graphsc.graph import dataset as graph
from graphsc.graph import loading
from graphsc.graph.questions import shipped
from graphsc.sources import Sources

EXAMPLES = Path(__file__).parent / "examples"
"""One small record for each class that records are written in, called by the class."""

FOLDER = Path(__file__).parents[1] / "ontology"
"""Where the terms and concepts stand."""

TERM_STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
_DESCRIPTION = "http://purl.org/dc/terms/description"
_KINDS = {
    OWL_CLASS: "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
}
_MEANING = """\
A term is *stable* when it will not change its meaning without being deprecated first, *testing* when it is in use and may
still change, and *archaic* when it is deprecated. What the rules derive no record may say. A rule or question is listed under
a term when it names it."""


class Page:
    """The ontology, read once, and what names each term of it."""

    def __init__(self) -> None:
        self.data = loading.load(Sources([], []), Settings(as_of=date(2026, 11, 25)))
        self.aligned, self.status = _read("ontology/alignments"), _read("ontology/publication")
        self.kinds = {
            iri: word for kind, word in _KINDS.items() for iri in self._subjects(RDF_TYPE, kind) if iri.startswith(G)
        }
        self.rules = self._naming(self._of_rules())
        self.questions = self._naming((name, sparql_names(q.text)) for name, q in shipped().items())
        self.derived: dict[str, list[derivations.Rule]] = defaultdict(list)
        self.read: dict[str, list[derivations.Rule]] = defaultdict(list)
        for rule in derivations.load():
            for term in rule.writes:
                self.derived[term].append(rule)
            for term in (rule.reads | rule.negates) - rule.writes:
                self.read[term].append(rule)

    def text(self) -> str:
        """The whole page."""
        header = G.rstrip("#")
        version, iri = self._one(header, OWL + "versionInfo"), self._one(header, OWL + "versionIRI")
        of = {word: sorted(t for t, kind in self.kinds.items() if kind == word) for word in _KINDS.values()}
        recorded = [t for t in of["class"] if not self._values(t, G_DERIVED)]
        concluded = [t for t in of["class"] if self._values(t, G_DERIVED)]
        blocks = [
            "# The ontology",
            "\n\n".join(self._in(header, _DESCRIPTION, language) for language in ("en", "da")),
            f"Version {version}, <{iri}>. Namespace `{G}`, prefix `g`. What changed: [changes](ontology-changes.md).",
            _MEANING,
        ]
        for title, chosen in (
            ("Classes that records are written in", recorded),
            ("Classes that the rules derive", concluded),
            *((f"{word.capitalize()[:-1]}ies", of[word]) for word in list(_KINDS.values())[1:]),
        ):
            links = " · ".join(f"[{local_name(term)}](#{anchor(term)})" for term in chosen)
            blocks += [f"## {title}", links, *(self._term(term) for term in chosen)]
        blocks += ["## Concept schemes", *self._schemes()]
        return "\n\n".join(blocks) + "\n"

    # ------------------------------------------------------------------ one term

    def _term(self, iri: str) -> str:
        lines = [
            f'### <a id="{anchor(iri)}"></a>{local_name(iri)}',
            "",
            f"`{short(iri)}` · {self.kinds[iri]} · {self._settled(iri)}"
            + (" · derived" if self._values(iri, G_DERIVED) else ""),
            "",
        ]
        for language in ("en", "da"):
            label, meaning = self._in(iri, RDFS_LABEL, language), self._in(iri, SKOS_DEFINITION, language)
            lines.append(f"- **{markdown(label)}** ({language}): {markdown(meaning)}")
        for title, found in self._facts(iri):
            if found:
                lines.append(f"- {title}: {', '.join(found)}")
        example = EXAMPLES / f"{local_name(iri)}.yaml"
        known = [one for one in self._subjects(RDF_TYPE, iri) if one.startswith(ROOT)]
        if known:
            lines.append(f"- For example: {', '.join(f'`{short(one)}`' for one in known[:3])}")
        if example.is_file():
            lines += ["", "```yaml", example.read_text(encoding="utf-8").rstrip(), "```"]
        return "\n".join(lines)

    def _facts(self, iri: str) -> Iterator[tuple[str, list[str]]]:
        for title, predicate in (
            ("Under", RDFS_SUBCLASS_OF),
            ("Under", RDFS_SUBPROPERTY_OF),
            ("Of", RDFS_DOMAIN),
            ("Of", DOMAIN_INCLUDES),
            ("Value", RDFS_RANGE),
            ("Value", RANGE_INCLUDES),
            ("Value from", G_SCHEME),
            ("Inverse of", OWL_INVERSE_OF),
        ):
            yield title, [self._link(value) for value in self._values(iri, predicate)]
        if self.kinds[iri] == "class":
            yield "Directly under it", [self._link(term) for term in self._subjects(RDFS_SUBCLASS_OF, iri)]
            yield (
                "Properties",
                [self._link(term) for one in (RDFS_DOMAIN, DOMAIN_INCLUDES) for term in self._subjects(one, iri)],
            )
        yield "In YAML", [f"`{word}`" for word in self._values(iri, G_KEY)]
        yield "Listed in YAML under", [f"`{word}`" for word in self._values(iri, G_CONTAINER)]
        yield "The guide", [value.removeprefix(STATEMENT) for value in self._values(iri, G + "statement")]
        yield "In other vocabularies", list(self._aligned(iri))
        reasons = "; ".join(markdown(rule.title.en).rstrip(".") for rule in self.derived[iri])
        yield "Derived", [reasons] if reasons else []
        yield "Rules", [f"[{code}](rules.md#{code.lower()})" for code in self.rules[iri]]
        yield "Derivations that build on it", [f"`{rule.name}`" for rule in self.read[iri]]
        yield "Questions", [f"[{name}](queries.md#{name})" for name in self.questions[iri]]

    def _aligned(self, iri: str) -> Iterator[str]:
        for quad in sorted(self.aligned.quads_for_pattern(ox.NamedNode(iri), None, None, None), key=str):
            yield f"{_words(quad.predicate.value)} <{graph.plain(quad.object)}>"

    def _settled(self, iri: str) -> str:
        """How settled a term is."""
        quads = self.status.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(TERM_STATUS), None, None)
        return ", ".join(sorted(graph.plain(quad.object) for quad in quads))

    def _link(self, iri: str) -> str:
        if iri in self.kinds:
            return f"[{local_name(iri)}](#{anchor(iri)})"
        if iri.startswith(f"{ROOT}scheme/"):
            return f"[{short(iri)}](#{anchor(iri)})"
        return f"`{short(iri)}`"

    def _schemes(self) -> Iterator[str]:
        for scheme in self._subjects(RDF_TYPE, SKOS + "ConceptScheme"):
            yield (
                f'### <a id="{anchor(scheme)}"></a>{local_name(scheme)}\n\n'
                f"`{short(scheme)}` · {markdown(self._in(scheme, SKOS_PREF_LABEL, 'en'))} ·"
                f" {markdown(self._in(scheme, SKOS_PREF_LABEL, 'da'))}"
            )
            concepts = [c for c in self._subjects(SKOS_IN_SCHEME, scheme) if SKOS_CONCEPT in self._values(c, RDF_TYPE)]
            if concepts:
                rows = ["| concept | English | dansk | the guide |", "|---|---|---|---|"]
                for concept in concepts:
                    cited = ", ".join(v.removeprefix(STATEMENT) for v in self._values(concept, G + "statement"))
                    names = [markdown(self._in(concept, SKOS_PREF_LABEL, language)) for language in ("en", "da")]
                    rows.append(f"| `{local_name(concept)}` | {names[0]} | {names[1]} | {cited} |")
                yield "\n".join(rows)

    # ------------------------------------------------------------------ what names a term

    def _of_rules(self) -> Iterator[tuple[str, set[str]]]:
        """The code of each rule, and every IRI in what it says: its own triples, its blank nodes, its queries."""
        declared = {
            graph.plain(row["prefix"]): graph.plain(row["namespace"])
            for row in self.data.select(
                f"SELECT DISTINCT ?prefix ?namespace WHERE {{ ?d <{SHACL}prefix> ?prefix ; <{SHACL}namespace> ?namespace }}"
            )
        }
        query = f"SELECT DISTINCT ?rule ?code WHERE {{ ?rule <{G}code> ?code ; <{G}remedy> ?remedy }}"
        for row in self.data.select(query):
            named: set[str] = set()
            open_: list[ox.NamedNode | ox.BlankNode] = [row["rule"]]  # type: ignore[list-item]
            while open_:
                for quad in self.data.store.quads_for_pattern(open_.pop(), None, None, None):
                    if isinstance(quad.object, ox.BlankNode):
                        open_.append(quad.object)
                    elif quad.predicate.value == SHACL + "select":
                        named |= sparql_names(graph.plain(quad.object), declared)
                    elif isinstance(quad.object, ox.NamedNode) and quad.predicate.value != RDF_TYPE:
                        named.add(quad.object.value)
            yield graph.plain(row["code"]), named

    def _naming(self, found: Iterable[tuple[str, set[str]]]) -> dict[str, list[str]]:
        naming: dict[str, list[str]] = defaultdict(list)
        for name, iris in sorted(found):
            for iri in iris & self.kinds.keys():
                naming[iri].append(name)
        return naming

    # ------------------------------------------------------------------ reading

    def _subjects(self, predicate: str, value: str) -> list[str]:
        quads = self.data.store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), None)
        return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})

    def _values(self, iri: str, predicate: str) -> list[str]:
        quads = self.data.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None)
        return sorted({graph.plain(quad.object) for quad in quads})

    def _one(self, iri: str, predicate: str) -> str:
        return next(iter(self._values(iri, predicate)), "")

    def _in(self, iri: str, predicate: str, language: str) -> str:
        quads = self.data.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None)
        return next(
            (q.object.value for q in quads if isinstance(q.object, ox.Literal) and q.object.language == language), ""
        )


def _read(folder: str) -> ox.Store:
    store = ox.Store()
    for file in knowledge_files(folder, ".ttl"):
        store.bulk_load(file.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store


def anchor(iri: str) -> str:
    """The anchor of a term on the page; case matters, since a class and a property may differ in nothing else."""
    return short(iri).replace(":", "-")


def _words(predicate: str) -> str:
    words = {
        RDFS_SUBCLASS_OF: "a kind of",
        RDFS_SUBPROPERTY_OF: "a kind of",
        RDFS_RANGE: "values are",
        RDF_TYPE: "is a",
        SKOS + "closeMatch": "close to",
        SKOS + "broadMatch": "narrower than",
        SKOS + "relatedMatch": "related to",
    }
    return words.get(predicate, short(predicate))


def sparql_names(query: str, declared: dict[str, str] | None = None) -> set[str]:
    """The IRIs that a query names."""
    prefixes = {**(declared or {}), **sparql.prefixes(query)}
    found: set[str] = set()
    for token in sparql.tokens(query):
        if token.kind == "iri":
            found.add(token.text[1:-1])
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if local and prefix in prefixes:
                found.add(prefixes[prefix] + local)
    return found


def page() -> str:
    """The page as Markdown."""
    return Page().text()
