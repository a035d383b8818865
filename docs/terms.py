"""What came, went and changed between two versions of the ontology: ``python docs/terms.py OLD NEW``.

Each is a Turtle file or a folder of them. The answer is Markdown, for people who have data in our terms: what they can
newly say, what they say no longer, and what means something else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.escape import markdown
from graphsc.core.vocabulary import (
    DOMAIN_INCLUDES,
    G_CONTAINER,
    G_KEY,
    G_SCHEME,
    OWL,
    OWL_INVERSE_OF,
    RANGE_INCLUDES,
    RDF_TYPE,
    RDFS_DOMAIN,
    RDFS_LABEL,
    RDFS_RANGE,
    RDFS_SUBCLASS_OF,
    RDFS_SUBPROPERTY_OF,
    ROOT,
    SKOS,
    SKOS_ALT_LABEL,
    SKOS_CONCEPT,
    SKOS_DEFINITION,
    SKOS_IN_SCHEME,
    SKOS_PREF_LABEL,
    G,
    local_name,
)

_DEPRECATED = OWL + "deprecated"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_VERSION = OWL + "versionInfo"
_KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
    SKOS + "ConceptScheme": "concept scheme",
    SKOS_CONCEPT: "concept",
}
# What a term says, in the order it is told, and whether a change of it may concern those who use the term.
_FACETS = {
    RDF_TYPE: ("kind", True),
    RDFS_LABEL: ("label", False),
    SKOS_PREF_LABEL: ("label", True),
    SKOS_ALT_LABEL: ("other label", True),
    SKOS_DEFINITION: ("definition", False),
    RDFS_SUBCLASS_OF: ("superclass", True),
    RDFS_SUBPROPERTY_OF: ("super-property", True),
    RDFS_DOMAIN: ("domain", True),
    RDFS_RANGE: ("range", True),
    DOMAIN_INCLUDES: ("classes that may have it", True),
    RANGE_INCLUDES: ("classes that it may lead to", True),
    OWL_INVERSE_OF: ("inverse", True),
    G_SCHEME: ("concept scheme", True),
    SKOS_IN_SCHEME: ("concept scheme", True),
    SKOS + "broader": ("broader concept", True),
    G_KEY: ("key in YAML", True),
    G_CONTAINER: ("container in YAML", True),
}
_DEMANDS = {"domain", "range"}
_CHOICES = {DOMAIN_INCLUDES, RANGE_INCLUDES}

Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Version:
    """The terms of one version, each with what it says, and the version's name."""

    name: str
    terms: Mapping[str, Facts]


@dataclass(frozen=True, slots=True)
class Change:
    """One facet of a term that says something else; ``breaks`` says that data in the old version may no longer be read."""

    term: str
    facet: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    breaks: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened from one version to the next; terms as IRIs, in order."""

    old: Version
    new: Version
    added: tuple[str, ...]
    removed: tuple[str, ...]
    deprecated: tuple[str, ...]
    changed: tuple[Change, ...]


def read(path: Path) -> Version:
    """The terms in a file, or in the files directly in a folder. Raises OSError or SyntaxError (with the file's name)."""
    found: dict[str, dict[str, set[str]]] = {}
    name = ""
    for file in sorted(path.glob("*.ttl")) if path.is_dir() else [path]:
        try:
            quads = list(ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise SyntaxError(f"{file}: {error.msg}") from None
        for quad in quads:
            subject, value = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or isinstance(value, (ox.BlankNode, ox.Triple)):
                continue
            if quad.predicate.value == _VERSION and subject.value == G.rstrip("#"):
                name = value.value
            elif subject.value.startswith(ROOT):
                found.setdefault(subject.value, {}).setdefault(quad.predicate.value, set()).add(_written(value))
    terms = {
        iri: {predicate: frozenset(values) for predicate, values in facts.items()}
        for iri, facts in found.items()
        if _kind(facts)
    }
    return Version(name or path.stem, terms)


def _written(value: ox.NamedNode | ox.Literal) -> str:
    """A value for comparison and for reading: an IRI as it is, a text with its language."""
    if isinstance(value, ox.NamedNode):
        return value.value
    return f"{value.value} ({value.language})" if value.language else value.value


def _kind(facts: Mapping[str, Iterable[str]]) -> str:
    return next((word for iri, word in _KINDS.items() if iri in facts.get(RDF_TYPE, ())), "")


def difference(old: Version, new: Version) -> Difference:
    """What came, went, was deprecated and changed."""
    both = sorted(old.terms.keys() & new.terms.keys())
    return Difference(
        old,
        new,
        added=tuple(sorted(new.terms.keys() - old.terms.keys())),
        removed=tuple(sorted(old.terms.keys() - new.terms.keys())),
        deprecated=tuple(iri for iri in both if _deprecated(new.terms[iri]) and not _deprecated(old.terms[iri])),
        changed=tuple(change for iri in both for change in _changes(iri, old.terms[iri], new.terms[iri])),
    )


def _deprecated(facts: Facts) -> bool:
    return "true" in facts.get(_DEPRECATED, ())


def _changes(iri: str, old: Facts, new: Facts) -> Iterator[Change]:
    for predicate, (facet, matters) in _FACETS.items():
        before, after = old.get(predicate, frozenset()), new.get(predicate, frozenset())
        if before != after:
            lost = tuple(sorted(before - after))
            gained = tuple(sorted(after - before))
            # A domain or range more is a demand more, as is a first list of classes where any would do before; of anything
            # else, something less is something that was taken away.
            narrower = facet in _DEMANDS or (predicate in _CHOICES and not before)
            yield Change(iri, facet, lost, gained, matters and bool(gained if narrower else lost))


def page(found: Difference) -> str:
    """The difference as Markdown, what may break data first."""
    blocks = [f"## {found.old.name} → {found.new.name}"]
    breaking = [change for change in found.changed if change.breaks]
    other = [change for change in found.changed if not change.breaks]
    sections = (
        ("Removed", [_named(iri, found.old) for iri in found.removed]),
        ("Deprecated", [_named(iri, found.new) + _replacement(found.new.terms[iri]) for iri in found.deprecated]),
        ("Changed, and data may need a change too", [_told(change) for change in breaking]),
        ("Added", list(_grouped(found.added, found.new))),
        ("Changed", [_told(change) for change in other]),
    )
    for title, lines in sections:
        if lines:
            blocks.append(f"### {title}\n\n" + "\n".join(f"- {line}" for line in lines))
    if len(blocks) == 1:
        blocks.append("Nothing changed.")
    return "\n\n".join(blocks) + "\n"


def _named(iri: str, version: Version) -> str:
    facts = version.terms[iri]
    labels = sorted(facts.get(RDFS_LABEL, facts.get(SKOS_PREF_LABEL, frozenset())), key=lambda text: (text[-4:], text))
    return f"{_kind(facts)} `{short(iri)}`" + (f": {markdown(', '.join(labels))}" if labels else "")


def _grouped(iris: Iterable[str], version: Version) -> Iterator[str]:
    """Classes and properties one by one; concepts of a scheme together, since there are many."""
    schemes: dict[str, list[str]] = {}
    for iri in iris:
        facts = version.terms[iri]
        if _kind(facts) == "concept":
            for scheme in facts.get(SKOS_IN_SCHEME, ("",)):
                schemes.setdefault(scheme, []).append(iri)
        else:
            yield _named(iri, version)
    for scheme, concepts in sorted(schemes.items()):
        names = ", ".join(f"`{short(iri)}`" for iri in concepts)
        yield f"concepts of `{short(scheme)}`: {names}"


def _replacement(facts: Facts) -> str:
    others = ", ".join(f"`{short(iri)}`" for iri in sorted(facts.get(_REPLACED, ())))
    return f"; use {others}" if others else ""


def _told(change: Change) -> str:
    old, new = (", ".join(short(value) for value in values) for values in (change.lost, change.gained))
    if old and new:
        what = f"{markdown(old)} → {markdown(new)}"
    else:
        what = f"no longer {markdown(old)}" if old else f"now also {markdown(new)}"
    return f"`{short(change.term)}`, {change.facet}: {what}"


def short(text: str) -> str:
    """An IRI as our files write it; any other text as it is."""
    if text.startswith(G):
        return f"g:{text.removeprefix(G)}"
    if text.startswith(ROOT) and "/" in (rest := text.removeprefix(ROOT)):
        return ":".join(rest.rsplit("/", 1))
    return local_name(text) if "://" in text else text


def main(words: list[str]) -> int:
    """Print the difference; 2 when it cannot be told."""
    if len(words) != 2:
        sys.stderr.write("usage: python docs/terms.py OLD NEW\n")
        return 2
    try:
        old, new = (read(Path(word)) for word in words)
    except (OSError, SyntaxError) as error:
        sys.stderr.write(f"terms.py: {error}\n")
        return 2
    sys.stdout.write(page(difference(old, new)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
