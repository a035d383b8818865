"""Checks for every format: terms are known, values are of the right kind, references lead to a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.closest import MOST_CANDIDATES
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.sources.across import unchecked_references
from graphsc.sources.model import Source
from graphsc.sources.rdf.reader import Term
from graphsc.sources.reporting import Fault, Reporter, is_blank, quoted
from graphsc.sources.terms import Class, Concept, Property, Terms
from graphsc.sources.values import IDENTIFIERS, added_under, duration_fault, identifier, lexical_fault

_NAMES = frozenset({v.RDFS_LABEL, v.SKOS_PREF_LABEL, v.SKOS_ALT_LABEL})
_KINDS_OF_DECIMAL = frozenset({v.XSD_DECIMAL, v.XSD_INTEGER})


@dataclass(slots=True)
class _Check:
    """The check of one source.

    ``fine`` are the values without a fault, by property; these faults do not depend on the subject.
    ``unchecked`` are the nodes that may be described in unreadable input, each with its first reference.
    """

    source: Source
    terms: Terms
    classes_of: Mapping[str, frozenset[str]]
    whole: bool
    report: Reporter
    fine: dict[str, set[Term]]
    unchecked: dict[str, tuple[Source, Quad]]
    faults: int = 0
    untyped: set[str] = field(default_factory=set)

    def add(self, code: str, da: str, en: str, quad: Quad, meant: str | None = None, at_value: bool = True) -> None:
        """Report a problem of a statement, at its place."""
        self.faults += 1
        if self.report.full(code):
            self.report.note(code, da, en, Location(self.source.file))
            return
        self.report.note(code, da, en, self.source.place(quad, at_value=at_value), meant)

    def fault(self, fault: Fault | None, quad: Quad) -> bool:
        """Report the fault of a value, if any; whether there is one."""
        if fault is not None:
            self.add(fault[0], fault[1].da, fault[1].en, quad)
        return fault is not None

    def run(self) -> None:
        """Check every statement; drop those that the ontology does not allow."""
        kept: list[Quad] = []
        changed = False
        for quad in self.source.quads:
            predicate, value = quad.predicate.value, quad.object
            self.bearer(predicate, quad)
            seen = self.fine.get(predicate)
            if seen is not None and value in seen:
                kept.append(quad)
                continue
            before = self.faults
            result = self.statement(predicate, quad)
            if result is quad and self.faults == before and not self.hangs_on_subject(value):
                self.fine.setdefault(predicate, set()).add(value)
            if result is not None:
                kept.append(result)
            changed = changed or result is not quad
        if changed:
            self.source.quads = list(dict.fromkeys(kept))

    def statement(self, predicate: str, quad: Quad) -> Quad | None:
        """Check a statement; gives the one to keep, or None."""
        if (
            (predicate in self.terms.properties or predicate in _NAMES)
            and isinstance(quad.object, Literal)
            and is_blank(quad.object.value)
        ):
            self.add("missing-value", "Her mangler en værdi.", "A value is missing here.", quad)
            return None
        prop = self.terms.properties.get(predicate)
        if prop is not None:
            return self.value(prop, quad)
        if predicate == v.RDF_TYPE:
            return self.type(quad)
        if v.is_ours(predicate):
            self.predicate(predicate, quad)
        return quad

    def hangs_on_subject(self, value: object) -> bool:
        """Whether the subject's class decides if the value is allowed."""
        concept = self.terms.concepts.get(value.value) if isinstance(value, NamedNode) else None
        return concept is not None and bool(concept.said_of)

    def bearer(self, predicate: str, quad: Quad) -> None:
        """Check that the subject is of a known class that may have the property."""
        prop, subject = self.terms.properties.get(predicate), getattr(quad.subject, "value", "")
        if prop is None or prop.derived:
            return
        classes, allowed = self.classes_of.get(subject), self.terms.bearers(prop)
        if not classes:
            self.classless(subject, quad)
        elif allowed is None or not allowed.isdisjoint(classes):
            return
        elif classes.isdisjoint(self.terms.classes) and v.SKOS_CONCEPT not in classes:
            self.classless(subject, quad)
        elif classes <= self.terms.classes.keys():
            home, here = self.terms.labels_of(prop.domains), self.terms.labels_of(sorted(classes))
            if (written := self.written_in(quad, predicate)) is not None:
                self.add(
                    "wrong-type", f"Her ventes: {home.da}. {quoted(written)} er: {here.da}.",
                    f"Expected here: {home.en}. {quoted(written)} is: {here.en}.", quad,
                )  # fmt: skip
                return
            self.add(
                "misplaced-key",
                f"{quoted(v.local_name(predicate))} ({prop.label.da}) hører til {home.da} og kan ikke stå i {here.da}.",
                f"{quoted(v.local_name(predicate))} ({prop.label.en}) belongs to {home.en} and may not stand in {here.en}.",
                quad, at_value=False,
            )  # fmt: skip

    def written_in(self, quad: Quad, predicate: str) -> str | None:
        """The subject as a workbook writes it, if it is written in the row of the value and not the value in the subject's row."""
        subject = getattr(quad.subject, "value", "")
        written = next(iter(self.source.words.get(subject, ())), None)
        if written is None or self.source.positions.places.at_edge(subject, predicate) is not None:
            return None
        return written

    def alike(self, text: str, kinds: tuple[str, ...]) -> str | None:
        """The closest id or name of a thing of these kinds: in this file or, except for workbooks, in any file."""
        if self.source.words:
            among = {
                word for iri, words in self.source.words.items() for word in words if self.is_any_of(iri, kinds)
            }  # fmt: skip
            return self.report.closest(text, among)
        if len(self.classes_of) > MOST_CANDIDATES:
            return None
        named = {
            v.local_name(iri): iri for iri in self.classes_of if self.is_any_of(iri, kinds)
        }  # a beginning that all share does not count as similar
        near = self.report.closest(v.local_name(text), named)
        return None if near is None else self.short(named[near])

    def is_any_of(self, iri: str, kinds: tuple[str, ...]) -> bool:
        """Whether a node is described and may be of one of these kinds, or of any if none is given."""
        return iri in self.classes_of and (not kinds or self.terms.may_be(self.classes_of[iri], kinds))

    def short(self, iri: str) -> str:
        """An IRI as the file may write it: relative to its base."""
        base = next((base for base in self.source.bases if iri.startswith(base)), "")
        return iri.removeprefix(base) or iri

    def classless(self, subject: str, quad: Quad) -> None:
        """Report once a node to which no file gives a class of the ontology."""
        if not self.whole or subject in self.untyped or subject.startswith(v.ROOT):
            return
        self.untyped.add(subject)
        prop, written = self.terms.properties.get(quad.predicate.value), self.written_in(quad, quad.predicate.value)
        if prop is not None and written is not None:
            self.add(
                "dangling-reference", f"{quoted(written)} er ikke beskrevet i nogen fil, men nævnes her.",
                f"{quoted(written)} is described in no file, but named here.", quad, self.alike(written, prop.domains),
            )  # fmt: skip
            return
        self.add(
            "missing-type", f"Det fremgår ikke, hvad {quoted(subject)} er; angiv dens klasse, fx g:Organisation.",
            f"It does not show what {quoted(subject)} is; state its class, such as g:Organisation.", quad, at_value=False,
        )  # fmt: skip

    def predicate(self, iri: str, quad: Quad) -> None:
        """Report a property in a namespace of the ontology that the ontology does not have."""
        if iri in self.terms.annotations:
            return
        self.unknown(Text("Termen", "term"), iri, quad, self.terms.properties, at_value=False)

    def unknown(
        self, kind: Text, iri: str, quad: Quad, candidates: Mapping[str, Class | Property], at_value: bool = True
    ) -> None:
        """Report an unknown term in a namespace of the ontology; the message names any namespace but that of the terms."""
        name = iri.removeprefix(v.G)
        names = {term.removeprefix(v.G) for term in candidates if term.startswith(v.G) and not candidates[term].derived}
        same = v.G + v.local_name(iri)
        self.add(
            "unknown-term", f"{kind.da} {quoted(name)} er ukendt.", f"The {kind.en} {quoted(name)} is unknown.", quad,
            same if same in candidates else self.report.closest(name, names), at_value,
        )  # fmt: skip

    def type(self, quad: Quad) -> Quad | None:
        """Check the class in a type statement."""
        if not isinstance(quad.object, NamedNode):
            self.add("wrong-type", "En klasse ventes her.", "A class is expected here.", quad)
            return None
        iri = quad.object.value
        cls = self.terms.classes.get(iri)
        if cls is not None and cls.derived:
            self.derived(iri, quad)
            return None
        if cls is None and v.is_ours(iri):
            self.unknown(Text("Klassen", "class"), iri, quad, self.terms.classes)
        return quad

    def derived(self, iri: str, quad: Quad) -> None:
        """Report, and drop, a statement that only the rules may make."""
        name = v.local_name(iri)
        self.add(
            "derived-term", f"{quoted(name)} udledes af reglerne og må ikke stå i en kilde.",
            f"{quoted(name)} is derived by the rules and may not stand in a source.", quad,
        )  # fmt: skip

    def value(self, prop: Property, quad: Quad) -> Quad | None:
        """Check the value of a property; gives the statement to keep, or None."""
        if prop.derived:
            self.derived(prop.iri, quad)
            return None
        value = quad.object
        if prop.literal:
            if isinstance(value, Literal):
                return self.literal(prop, quad, value)
            self.add(
                "wrong-type", f"Som {prop.label.da} ventes en tekst, ikke en IRI: {quoted(str(value))}.",
                f"A text is expected as {prop.label.en}, not an IRI: {quoted(str(value))}.", quad,
            )  # fmt: skip
            return None
        if isinstance(value, NamedNode):
            if prop.schemes:
                self.concept(prop, quad, value.value)
            else:
                self.reference(prop, quad, value.value)
            return quad
        text = value.value if isinstance(value, Literal) else str(value)
        self.add(
            "wrong-type", f"Som {prop.label.da} ventes en IRI, ikke en tekst: {quoted(text)}.",
            f"An IRI is expected as {prop.label.en}, not a text: {quoted(text)}.", quad,
            self.terms.meant(text, prop),
        )  # fmt: skip
        return None

    def literal(self, prop: Property, quad: Quad, value: Literal) -> Quad | None:
        """Check the datatype and the lexical form of a literal; company numbers are normalised."""
        expected, datatype = prop.range, value.datatype.value
        fits = (
            expected is None or expected == datatype or (expected == v.XSD_STRING and datatype == v.RDF_LANG_STRING)
            or (expected == v.XSD_DECIMAL and datatype in _KINDS_OF_DECIMAL)
        )  # fmt: skip
        if not fits and expected is not None:
            want, got = v.local_name(expected), v.local_name(datatype)
            self.add(
                "wrong-type", f"{quoted(value.value)} har typen {got}, men {prop.label.da} skal have typen {want}.",
                f"{quoted(value.value)} is of type {got}, but {prop.label.en} must be of type {want}.", quad,
            )  # fmt: skip
            return None
        if self.fault(lexical_fault(value.value, datatype), quad):
            return None
        if prop.iri in IDENTIFIERS:
            return self.identifier(prop.iri, quad, value)
        return quad

    def identifier(self, iri: str, quad: Quad, value: Literal) -> Quad:
        """Check a company number and normalise it."""
        proper, fault = identifier(value.value, iri)
        if self.fault(fault, quad) or (proper == value.value and value.datatype.value == v.XSD_STRING):
            return quad
        return Quad(quad.subject, quad.predicate, Literal(proper), quad.graph_name)

    def concept(self, prop: Property, quad: Quad, iri: str) -> None:
        """Check that a value is in the property's schemes, or is a concept that a source declares."""
        if v.PERIOD_SCHEME in prop.schemes and iri.startswith(v.PERIOD):
            self.fault(duration_fault(iri.removeprefix(v.PERIOD)), quad)
            return
        concept = self.terms.concepts.get(iri)
        if concept is not None and set(concept.schemes) & set(prop.schemes):
            self.allowed_value(concept, prop, quad)
            return
        if concept is None and v.SKOS_CONCEPT in self.classes_of.get(iri, ()):
            return
        if concept is None and not self.whole and not iri.startswith(v.ROOT):
            return
        usable = {c for c, entry in self.terms.concepts.items() if set(entry.schemes) & set(prop.schemes)}
        meant = self.terms.concept(v.local_name(iri), prop.schemes) or self.report.closest(iri, usable)
        self.add(
            "unknown-concept", f"{quoted(iri)} er ikke en kendt værdi for {prop.label.da}.",
            f"{quoted(iri)} is not a known value of {prop.label.en}.", quad, meant,
        )  # fmt: skip

    def allowed_value(self, concept: Concept, prop: Property, quad: Quad) -> None:
        """Check that the class of the subject allows the concept, as classes may have lists of their own."""
        classes = self.classes_of.get(getattr(quad.subject, "value", ""), ())
        if classes and not self.terms.allows(concept.iri, classes):
            home, here = self.terms.labels_of(concept.said_of), self.terms.labels_of(sorted(classes))
            self.add(
                "misplaced-value",
                f"{quoted(concept.label.da)} som {prop.label.da} hører til {home.da} og kan ikke stå i {here.da}.",
                f"{quoted(concept.label.en)} as {prop.label.en} belongs to {home.en} and may not stand in {here.en}.", quad,
            )  # fmt: skip

    def reference(self, prop: Property, quad: Quad, iri: str) -> None:
        """Check that a reference leads to a node that some source describes, and that is of the right kind."""
        classes = self.classes_of.get(iri)
        if classes and prop.ranges and not self.terms.may_be(classes, prop.ranges):
            written = self.as_written(iri)
            actual, expected = self.terms.labels_of([min(classes)]), self.terms.labels_of(prop.ranges)
            self.add(
                "wrong-type", f"Under {quoted(prop.key.da)} skal der stå: {expected.da}. {quoted(written)} er: {actual.da}.",
                f"Expected under {quoted(prop.key.en)}: {expected.en}. {quoted(written)} is: {actual.en}.",
                quad,
            )  # fmt: skip
            return
        if iri in self.classes_of or iri.startswith(v.ROOT) or iri in self.terms.codes.values():
            return
        if not self.whole:
            self.unchecked.setdefault(iri, (self.source, quad))
            return
        written = self.as_written(iri)
        meant = self.alike(written, prop.ranges)
        tail = added_under(self.terms, prop.ranges, new=meant is not None)
        self.add(
            "dangling-reference", f"{quoted(written)} er ikke beskrevet i nogen fil, men nævnes under {quoted(prop.key.da)}.{tail.da}",
            f"{quoted(written)} is described in no file, but named under {quoted(prop.key.en)}.{tail.en}", quad, meant,
        )  # fmt: skip

    def as_written(self, iri: str) -> str:
        """An IRI as the file writes it."""
        return next(iter(self.source.words.get(iri, ())), None) or self.short(iri)


def check(sources: list[Source], terms: Terms, classes_of: Mapping[str, frozenset[str]], whole: bool) -> list[Problem]:
    """The problems of the statements in the sources; statements that the ontology does not allow are dropped.

    ``classes_of`` gives the classes of each described node. When the sources are not ``whole``, because a file could
    not be read to its end, nodes that no source describes may be described there: such references are one problem.
    """
    problems: list[Problem] = []
    fine: dict[str, set[Term]] = {}
    unchecked: dict[str, tuple[Source, Quad]] = {}
    for source in sources:
        report = Reporter(source.file)
        _Check(source, terms, classes_of, whole, report, fine, unchecked).run()
        problems += report.problems + report.uncounted()
    return [*problems, *unchecked_references(unchecked)]
