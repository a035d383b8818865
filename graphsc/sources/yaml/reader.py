"""Makes statements from YAML trees by the keys and values in the ontology; what a single value refers to is found when all files are read."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute, digest, is_absolute, minted
from graphsc.core.problems import Cell
from graphsc.core.text import Text
from graphsc.sources.model import Place
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Class, Property, Terms, normal
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.values import duration_fault, likely, literal
from graphsc.sources.yaml.statements import (
    BASE_KEYS,
    CONCEPT_CONTAINERS,
    ID_KEYS,
    NAME_KEYS,
    PERIOD_KEYS,
    RESERVED,
    SCHEME_KEYS,
    TYPE_KEYS,
    KeyMinter,
    Pending,
    Statements,
    class_of,
    spelling,
)

Classes = Dict[str, frozenset[str]]
"""The classes of every node of every source."""
_MAY_DIFFER = ID_KEYS | NAME_KEYS
"""The keys that may differ when an id occurs twice: the id itself, and the name, for which there is a finding."""


@dataclass(slots=True)
class YamlReading(Statements):
    """Reads the documents of one YAML file into statements."""

    # ------------------------------------------------------------------ documents

    def document(self, root: Node, base: str) -> None:
        """Read one document: containers, or one node, or a list of nodes."""
        if isinstance(root, Scalar):
            if not root.empty:
                self.not_a_mapping(root.place)
        elif isinstance(root, Sequence):
            for item in root.items:
                if isinstance(item, Mapping):
                    self.node(item, None, base, None)
                else:
                    self.not_a_mapping(item.place)
        else:
            for key, value in root.entries:
                text = value.text if isinstance(value, Scalar) else ""
                if normal(key.text) in BASE_KEYS and self.name_base(text, value.place):
                    base = text
            rest = [entry for entry in root.entries if normal(entry[0].text) not in BASE_KEYS]
            if any(normal(key.text) in ID_KEYS for key, _ in rest):
                self.node(Mapping(root.place, rest), None, base, None)
                return
            for key, value in rest:
                self._top(key, value, base)

    def _top(self, key: Scalar, value: Node, base: str) -> None:
        """Read one key at the top level."""
        word = normal(key.text)
        cls = self.terms.containers.get(word)
        if cls is not None:
            self._tell_apart(value, base)
            self.container(value, cls, base)
        elif word in CONCEPT_CONTAINERS:
            self.concepts(value, base)
        else:
            top_keys = {*self.terms.containers, *CONCEPT_CONTAINERS, *BASE_KEYS}
            self.report.add(
                "unknown-key", f"Nøglen {quoted(key.text)} er ukendt på øverste niveau.",
                f"The key {quoted(key.text)} is unknown at the top level.", key.place, self.report.closest(word, top_keys),
            )  # fmt: skip

    def _tell_apart(self, listed: Node, base: str) -> None:
        """Report an id that a list has twice with different values of one key: two things would be merged."""
        scalars_by_id: dict[str, dict[str, Scalar]] = {}
        for item in listed.items if isinstance(listed, Sequence) else ():
            entries = item.entries if isinstance(item, Mapping) else []
            single = {normal(key.text): (key, value) for key, value in entries if isinstance(value, Scalar)}
            id_ = next((value for word, (_, value) in single.items() if word in ID_KEYS), None)
            if id_ is None:
                continue
            before = scalars_by_id.setdefault(absolute(id_.text, base), {})
            for word, (key, value) in single.items():
                other = before.setdefault(word, value)
                if (
                    isinstance(other.place, tuple)
                    and other.text.strip() != value.text.strip()
                    and word not in _MAY_DIFFER
                ):
                    self.report.add(
                        "duplicate-id",
                        f"{quoted(id_.text)} står også på linje {other.place[0]} med en anden værdi under {quoted(key.text)}; giv hver ting sit eget id.",
                        f"{quoted(id_.text)} is also on line {other.place[0]} with another value under {quoted(key.text)}; give each thing an id of its own.",
                        value.place,
                    )  # fmt: skip

    def not_a_mapping(self, place: Place) -> None:
        """Report another value where keys with values are expected."""
        self.report.add(
            "wrong-type", "Her ventes nøgler med værdier, fx »kontrakter:«.",
            "Keys with values are expected here, such as “contracts:”.", place,
        )  # fmt: skip

    def container(self, value: Node, cls: Class, base: str) -> None:
        """Read the value of a top-level key: a list of nodes, a mapping from id to node, or one node."""
        if isinstance(value, Mapping):
            if any(normal(key.text) in ID_KEYS for key, _ in value.entries):
                self.node(value, cls.iri, base, None)
                return
            for key, inner in value.entries:
                iri = self.iri(key, base)
                if iri is not None and isinstance(inner, Mapping):
                    self.node(inner, cls.iri, base, iri, key.place)
                elif iri is not None and isinstance(inner, Scalar) and inner.empty:
                    self.places.node(iri, key.place)
                    self.type(iri, cls.iri, key.place)
                elif iri is not None:
                    self._no_node(inner, cls)
        elif isinstance(value, Sequence) or not value.empty:
            for item in value.items if isinstance(value, Sequence) else [value]:
                self._listed(item, cls, base)

    def _listed(self, item: Node, cls: Class, base: str) -> None:
        if isinstance(item, Mapping):
            if any(normal(key.text) in ID_KEYS for key, _ in item.entries):
                self.node(item, cls.iri, base, None)
            elif self.terms.is_a(cls.iri, v.G_EVIDENCE):
                # evidence is identified by its content; only things that others refer to need an id
                key = digest(KeyMinter(self.terms, base).content(item, cls.iri))
                self.node(item, cls.iri, base, f"{base}{v.local_name(cls.iri)}/{key}")
            else:
                self.report.add(
                    "missing-id", f"Her mangler et id; hver {cls.label.da} skal have et, så andre kan henvise til den.",
                    f"An id is missing here; each {cls.label.en} must have one that others can refer to.", item.place,
                )  # fmt: skip
        elif isinstance(item, Scalar) and not item.empty:
            iri = self.iri(item, base)
            if iri is not None:
                self.places.node(iri, item.place)
                self.type(iri, cls.iri, item.place)
        else:
            self._no_node(item, cls)

    def _no_node(self, node: Node, cls: Class) -> None:
        self.report.add(
            "wrong-type", f"Her ventes en {cls.label.da} skrevet som nøgler med værdier.",
            f"A {cls.label.en} written as keys with values is expected here.", node.place,
        )  # fmt: skip

    # ------------------------------------------------------------------ nodes

    def node(
        self, mapping: Mapping, cls: str | None, base: str, iri: str | None, place: Place | None = None
    ) -> str | None:
        """Read a node written as keys and values; gives its IRI, or None when it has none.

        ``cls`` is the class expected at its place, ``iri`` the one minted for it or made from its key in a
        container; an ``id`` in the node takes precedence.
        """
        kind, place_iri = class_of(mapping, cls, self.terms, self.report), iri
        for key, value in mapping.entries:
            if normal(key.text) in ID_KEYS:
                if not isinstance(value, Scalar):
                    self.report.add("bad-id", "Et id er en enkelt værdi.", "An id is a single value.", value.place)
                    continue
                written = self.iri(value, base)
                if written is None and iri is None:
                    return None
                iri = written or iri
        if iri is None:
            return None
        if kind is not None:
            self.type(iri, kind, place or mapping.place)
        elif place_iri is None or iri == place_iri:
            self.report.add(
                "missing-type", "Det fremgår ikke, hvad dette er; skriv fx »type: organisation«.",
                "It does not show what this is; write for instance “type: organisation”.", mapping.place,
            )  # fmt: skip
            return None
        # A nested node with an id of its own may get its class from another place.
        self.places.node(iri, place or mapping.place)
        for key, value in mapping.entries:
            self.entry(iri, kind, key, value, base)
        return iri

    def entry(self, subject: str, cls: str | None, key: Scalar, value: Node, base: str) -> None:
        """Read one key of a node."""
        word = normal(key.text)
        if word in ID_KEYS | TYPE_KEYS:
            return
        if word in NAME_KEYS:
            self.name(subject, v.RDFS_LABEL, key, value)
            return
        if word in PERIOD_KEYS:
            self.period(subject, cls, key, value)
            return
        candidates = [c for c in self.terms.properties_for(key.text, cls) if not c.derived]
        if not candidates:
            self.unknown_key(key, cls)
            return
        prop = candidates[0]
        if prop.inverse_of is None:
            self.places.edge(subject, prop.iri, key.place)
        self.property(subject, prop, key.text, value, base)

    def unknown_key(self, key: Scalar, cls: str | None) -> None:
        """Report an unknown key of a node of this class."""
        word = normal(key.text)
        usable = {
            w for w, props in self.terms.keys.items()
            if w != word and any(not p.derived for p in props) and self.terms.properties_for(w, cls)
        } | RESERVED  # fmt: skip
        label = self.terms.classes[cls].label if cls is not None else None
        properties = [p for p in self.terms.keys.get(word, ()) if not p.derived]
        if properties and label is not None:
            where = self.terms.labels_of(sorted({domain for prop in properties for domain in prop.domains}))
            self.report.add(
                "misplaced-key",
                f"Nøglen {quoted(key.text)} hører til {where.da} og kan ikke stå i {label.da}.",
                f"The key {quoted(key.text)} belongs to {where.en} and may not stand in {label.en}.", key.place,
            )  # fmt: skip
            return
        da = f" i {label.da}" if label is not None else ""
        en = f" in {label.en}" if label is not None else ""
        self.report.add(
            "unknown-key", f"Nøglen {quoted(key.text)} er ukendt{da}.", f"The key {quoted(key.text)} is unknown{en}.",
            key.place, self.report.closest(word, usable),
        )  # fmt: skip

    # ------------------------------------------------------------------ values

    def property(self, subject: str, prop: Property, word: str, value: Node, base: str) -> None:
        """Read the value of a property, or each value of a list; ``word`` is its key."""
        items: list[Node] = value.items if isinstance(value, Sequence) else [value]
        keys = KeyMinter(self.terms, base).keys_of(prop, items)
        for item, key in zip(items, keys, strict=True):
            if isinstance(item, Scalar):
                if item.empty:
                    self.report.add("missing-value", "Her mangler en værdi.", "A value is missing here.", item.place)
                elif prop.literal:
                    self.literal(subject, prop, item)
                else:
                    self.pending.append(Pending(subject, prop, word, item, base))
            elif isinstance(item, Sequence):
                self.report.add(
                    "wrong-type", "En liste i en liste giver ingen mening her.",
                    "A list within a list has no meaning here.", item.place,
                )  # fmt: skip
            elif prop.literal or prop.worded:
                self.report.add(
                    "wrong-type", f"Som {prop.label.da} ventes en enkelt værdi, ikke nøgler med værdier.",
                    f"A single value is expected as {prop.label.en}, not keys with values.", item.place,
                )  # fmt: skip
            else:
                self._nested(subject, prop, item, key, base)

    def _nested(self, subject: str, prop: Property, item: Mapping, key: str, base: str) -> None:
        iri = minted(subject, prop.iri, key)
        result = self.node(item, prop.range, base, iri)
        if result is None:
            return
        if result == iri:
            self.parents.setdefault(iri, (subject, prop.iri))
        self.link(subject, prop, result, item.place)

    # ------------------------------------------------------------------ concepts

    def concepts(self, value: Node, base: str) -> None:
        """Read the concepts under ``begreber``: each with an id, its scheme and a name."""
        items: list[tuple[Scalar | None, Node]] = []
        if isinstance(value, Mapping):
            items.extend(value.entries)
        elif isinstance(value, Sequence):
            items.extend((None, item) for item in value.items)
        elif not value.empty:
            items.append((None, value))
        for key, inner in items:
            if isinstance(inner, Mapping):
                self._concept(key, inner, base)
            else:
                self.not_a_mapping(inner.place)

    def _concept(self, key: Scalar | None, mapping: Mapping, base: str) -> None:
        fields = {normal(name.text): entry for name, entry in mapping.entries}
        id_ = key or fields.get("id")
        scheme = next((fields[name] for name in sorted(SCHEME_KEYS) if name in fields), None)
        if not isinstance(id_, Scalar) or not isinstance(scheme, Scalar):
            self.report.add(
                "missing-id", "Et begreb skal have et id og en liste, fx »liste: activity«.",
                "A concept must have an id and a scheme, such as “scheme: activity”.", mapping.place,
            )  # fmt: skip
            return
        iri, target = self.iri(id_, base), self._scheme(scheme)
        if iri is None or target is None:
            return
        self.places.node(iri, id_.place)
        self.state(iri, v.RDF_TYPE, NamedNode(v.SKOS_CONCEPT), id_.place)
        self.state(iri, v.SKOS_IN_SCHEME, NamedNode(target), scheme.place)
        for name, entry in mapping.entries:
            if normal(name.text) in NAME_KEYS:
                self.name(iri, v.SKOS_PREF_LABEL, name, entry)
            elif normal(name.text) not in SCHEME_KEYS | ID_KEYS:
                self.unknown_key(name, None)

    def _scheme(self, scheme: Scalar) -> str | None:
        """The IRI of a scheme; None, and a problem, when there is none of that name."""
        target = scheme.text if is_absolute(scheme.text) else v.SCHEME + scheme.text
        schemes = {s for concept in self.terms.concepts.values() for s in concept.schemes}
        if target in schemes:
            return target
        self.report.add(
            "unknown-concept", f"Der er ingen liste ved navn {quoted(scheme.text)}.",
            f"There is no scheme named {quoted(scheme.text)}.", scheme.place,
            self.report.closest(scheme.text, {v.local_name(s) for s in schemes}),
        )  # fmt: skip
        return None

    # ------------------------------------------------------------------ what single values refer to, once every file is read

    def resolve(self, classes_of: Classes) -> None:
        """Find what each single value of an object property refers to, after every node has been read.

        ``classes_of`` gives the classes of every node of every source.
        """
        self._leave_out_other_spellings(classes_of)
        while self.pending:
            waiting, self.pending = self.pending, []
            for pending in waiting:
                self._resolve(pending, classes_of)

    def _leave_out_other_spellings(self, classes_of: Classes) -> None:
        """Drop things that are only named, if another file describes one of the same class under another spelling."""
        if not self.added:
            return
        classes = {added.cls for added in self.added.values()}
        described = {(spelling(iri), cls) for iri, some in classes_of.items() for cls in classes & some}
        self.added = {
            whole: added
            for whole, added in self.added.items()
            if added.iri in classes_of or described.isdisjoint((spelling(iri), added.cls) for iri in (whole, added.iri))
        }

    def _resolve(self, pending: Pending, classes_of: Classes) -> None:
        scalar, prop = pending.scalar, pending.prop
        if prop.schemes:
            target = self._value_concept(pending, classes_of)
            if target is not None:
                self.state(pending.subject, prop.iri, NamedNode(target), scalar.place)
            return
        text = scalar.text.strip()
        if prop.namespace is not None:
            code = Scalar(self.terms.codes.get(text, text), scalar.place)
            iri = self.iri(code, prop.namespace, refers=True)
            if iri is not None:
                self.state(pending.subject, prop.iri, NamedNode(iri), scalar.place)
            return
        whole = absolute(text, pending.base)
        added = self.added.get(whole)
        if added is not None and whole not in classes_of:
            if added.iri not in classes_of:
                self.places.node(added.iri, added.name.place)
                self.type(added.iri, added.cls, added.name.place)
                self.state(added.iri, v.RDFS_LABEL, Literal(added.name.text), added.name.place)
            self.link(pending.subject, prop, added.iri, scalar.place)
            return
        cls = self.terms.classes.get(prop.range or "")
        fits = whole in classes_of and (
            cls is None or cls.shorthand is None or any(self.terms.is_a(k, cls.iri) for k in classes_of[whole])
        )
        shorthand = self.terms.properties.get(cls.shorthand or "") if cls is not None else None
        if not fits and cls is not None and shorthand is not None:
            self._write_out(pending, cls, shorthand)
            return
        iri = self.iri(scalar, pending.base, refers=True)
        if iri is not None:
            self.link(pending.subject, prop, iri, scalar.place)

    def _write_out(self, pending: Pending, cls: Class, shorthand: Property) -> None:
        """Make the node for a shorthand value, unless the value is not of the shorthand's type."""
        key = digest((shorthand.iri, *KeyMinter(self.terms, pending.base).content(pending.scalar, cls.iri, shorthand)))
        iri = minted(pending.subject, pending.prop.iri, key)
        if shorthand.literal and literal(pending.scalar.text, shorthand.range, shorthand.unit)[1] is not None:
            self.literal(iri, shorthand, pending.scalar)
            return
        self.parents.setdefault(iri, (pending.subject, pending.prop.iri))
        self.places.node(iri, pending.scalar.place)
        self.type(iri, cls.iri, pending.scalar.place)
        self.link(pending.subject, pending.prop, iri, pending.scalar.place)
        self.property(iri, shorthand, pending.key, pending.scalar, pending.base)

    def _value_concept(self, pending: Pending, classes_of: Classes) -> str | None:
        text, schemes = pending.scalar.text.strip(), pending.prop.schemes
        classes = classes_of.get(pending.subject, ())
        if v.PERIOD_SCHEME in schemes:
            written = text.removeprefix(v.PERIOD)
            return None if self.report.fault(duration_fault(written), pending.scalar.place) else v.PERIOD + written
        named = self.terms.concept(text, schemes, classes)
        if named is not None:
            return named
        whole = absolute(text, pending.base)
        if v.SKOS_CONCEPT in classes_of.get(whole, ()):
            return whole
        if is_absolute(text):
            return self.iri(pending.scalar, pending.base)
        home = self.terms.home_of(text, schemes)
        if isinstance(pending.scalar.place, Cell) and not pending.prop.functional:
            parts = text.split(",")
            if len(parts) > 1 and any(self.terms.concept(part.strip(), schemes, classes) for part in parts):
                self.report.add(
                    "unknown-concept", f"{quoted(text)} er ikke én kendt værdi. Er det flere, så del med semikolon.",
                    f"{quoted(text)} is no single known value. If these are several, put semicolons between.", pending.scalar.place,
                )  # fmt: skip
                return None
        meant = likely(text, schemes, self.terms, self.report, classes)
        da, en = self.terms.values_of(schemes, classes, near=meant is not None)
        of = Text(f"en kendt værdi for {quoted(pending.key)}", f"a known value of {quoted(pending.key)}")
        but = Text("men for", "but of")
        if isinstance(pending.scalar.place, Cell):  # its heading may be another word
            of, but = Text("på kolonnens liste", "on the list of its column"), Text("men hører til", "but belongs to")
        self.report.add(
            "unknown-concept",
            f"{quoted(text)} er ikke {of.da}{da}{f', {but.da} {home.da}' if home else ''}.",
            f"{quoted(text)} is not {of.en}{en}{f', {but.en} {home.en}' if home else ''}.",
            pending.scalar.place,
            meant,
        )
        return None


def names_base(documents: list[Node]) -> bool:
    """Whether a YAML file itself names the base of its ids."""
    return any(
        normal(key.text) in BASE_KEYS for root in documents if isinstance(root, Mapping) for key, _ in root.entries
    )


def read_documents(documents: list[Node], graph: str, report: Reporter, terms: Terms, base: str) -> YamlReading:
    """Read the documents of a YAML file; `YamlReading.resolve` completes it."""
    reading = YamlReading(NamedNode(graph), report, terms)
    for document in documents:
        reading.document(document, base)
    return reading
