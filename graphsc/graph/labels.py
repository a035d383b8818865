"""Names of nodes: the label of a node, or a name composed from what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pyoxigraph as ox

from graphsc.core.identifiers import is_minted
from graphsc.core.text import Text
from graphsc.core.vocabulary import (
    G_FRAMEWORK_AGREEMENT,
    HAS_UNIT,
    LOCATION,
    PER_CENT,
    PERIOD,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_PREF_LABEL,
    XSD,
    XSD_BOOLEAN,
    G,
    local_name,
)
from graphsc.graph.dataset import Dataset, plain
from graphsc.sources.terms import load

_UNITS = {"Y": ("år", "år", "year", "years"), "M": ("måned", "måneder", "month", "months"),
          "W": ("uge", "uger", "week", "weeks"), "D": ("dag", "dage", "day", "days")}  # fmt: skip

_BROADER = "http://www.w3.org/2004/02/skos/core#broader"
_DURATION = XSD + "dayTimeDuration"
_DAYS = re.compile(r"(-?)P(?:T0S|(\d+)D)")
_TRUTH = {"true": Text("ja", "yes"), "1": Text("ja", "yes"), "false": Text("nej", "no"), "0": Text("nej", "no")}
_DIGEST = 16
"""The length of a digest at the end of an IRI."""
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.(\d{1,12}))?", re.ASCII)


def spoken(value: str, datatype: str, unit: str | None = None) -> Text:
    """A value as a person reads it: yes or no, a number of days, per cent of what is in such a ``unit``; any other as it is."""
    if datatype == XSD_BOOLEAN and value in _TRUTH:
        return _TRUTH[value]
    if unit in PER_CENT and (written := _NUMBER.fullmatch(value)) is not None:
        places = PER_CENT[unit]
        if places and not 0 <= Decimal(value) <= 1:
            return Text.same(value)  # no share: as it stands in the file that is to be mended
        shown = Text.number(Decimal(value).scaleb(places), max(0, len(written[1] or "") - places))
        return Text(f"{shown.da} %", f"{shown.en}%")
    days = _DAYS.fullmatch(value) if datatype == _DURATION else None
    if days is None:
        return Text.same(value)
    number = int(f"{days[1]}{days[2] or 0}")
    return Text.counted(number, Text("dag", "day"), Text("dage", "days"))


LEADING = tuple(
    G + local for local in ("agreement", "supplier", "under", "member", "kind", "person", "system", "layer")
)
"""The properties that lead from a node to those that its name is composed from."""
NAMING = (RDFS_LABEL, SKOS_PREF_LABEL, _BROADER, G + "date", *LEADING)
"""The properties that a name is composed from."""


class Labels(Mapping[str, Text]):
    """The names of nodes by IRI, in both languages; every IRI has one, and iteration gives those looked up so far."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._texts: dict[str, Text] = {}
        self._under_way: set[str] = set()
        self._units: dict[str, str | None] = {}

    def __getitem__(self, iri: str) -> Text:
        if iri not in self._texts:
            if iri in self._under_way:  # input may say that an agreement is its own supplier
                return Text.same(unlabelled(iri))
            self._under_way.add(iri)
            try:
                self._texts[iri] = self._name(iri)
            finally:
                self._under_way.discard(iri)
        return self._texts[iri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def of(self, iris: Iterable[str]) -> dict[str, Text]:
        """The names of some nodes, in the order of their IRIs."""
        return {iri: self[iri] for iri in sorted(set(iris))}

    def unit(self, predicate: str) -> str | None:
        """The unit that the values of a property are in, as an IRI of QUDT; None where it has none."""
        if predicate not in self._units:
            units = self._dataset.objects(ox.NamedNode(predicate), HAS_UNIT)
            self._units[predicate] = min((unit.value for unit in units if isinstance(unit, ox.NamedNode)), default=None)
        return self._units[predicate]

    def _name(self, iri: str) -> Text:
        try:
            node = ox.NamedNode(iri)
        except ValueError:  # the focus of a finding may be a literal
            return Text.same(iri)
        for predicate in (RDFS_LABEL, SKOS_PREF_LABEL):
            texts: dict[str, str] = {}
            for value in self._dataset.objects(node, predicate):
                if isinstance(value, ox.Literal) and value.value.strip():
                    language = (value.language or "").split("-")[0]
                    texts[language] = min(value.value, texts.get(language, value.value))
            if texts:
                plain = texts.get("") or texts[min(texts)]
                return Text(texts.get("da", plain), texts.get("en", plain))
        return self._spoken(iri) or self._composed(iri, node) or self._unnamed(iri, node) or Text.same(readable(iri))

    def _spoken(self, iri: str) -> Text | None:
        """The name that an IRI alone gives: of a period, or of the data in a country."""
        if iri.startswith(PERIOD):
            length = duration(iri.removeprefix(PERIOD))
            return length if length.da else None
        if iri.startswith(LOCATION):
            name = self[unquote(iri.removeprefix(LOCATION))]
            return Text(f"data i {name.da}", f"data in {name.en}")
        return None

    def _composed(self, iri: str, node: ox.NamedNode) -> Text | None:
        link = self._value(node, "agreement")
        if link is not None:
            return Text(f"leddet {self[link.value].da}", f"the link {self[link.value].en}")
        if self._is_a(node, G_FRAMEWORK_AGREEMENT):  # of several suppliers none names it
            return Text(f"rammeaftalen {unlabelled(iri)}", f"the framework {unlabelled(iri)}")
        supplier, under = self._value(node, "supplier"), self._value(node, "under")
        if supplier is not None:
            name = self[supplier.value]
            if under is None:
                return Text(f"aftalen med {name.da}", f"the agreement with {name.en}")
            above = self._value(under, "supplier")
            if above is None:
                return name
            return Text(f"{name.da} (under {self[above.value].da})", f"{name.en} (under {self[above.value].en})")
        members = sorted(plain(member) for member in self._dataset.objects(node, G + "member"))
        if members:
            names = Text.joined(Text.same(", "), (self[member] for member in members))
            return Text(f"gruppen {names.da}", f"the group {names.en}")
        if self._is_a(node, G + "SecurityRequirement"):
            return Text(f"kravet {unlabelled(iri)}", f"requirement {unlabelled(iri)}")
        kind = self._kind(node)
        if kind is not None and any(self._dataset.objects(node, G + "date")):
            date = min(
                (v.value for v in self._dataset.objects(node, G + "date") if isinstance(v, ox.Literal)), default=None
            )
            name = self[kind.value]
            return Text(f"{name.da} {date}", f"{name.en} {date}") if date else name
        person = self._value(node, "person")
        if person is not None:
            return Text.joined(Text(" for ", " of "), (Text("rollen", "the role"), self[person.value]))
        system = self._value(node, "system")
        if system is not None:
            layer = self._value(node, "layer")
            if layer is not None:
                return Text.joined(Text(" til ", " for "), (self[layer.value], self[system.value]))
            return Text.joined(Text(" til ", " to "), (Text("adgang", "access"), self[system.value]))
        return None

    def _unnamed(self, iri: str, node: ox.NamedNode) -> Text | None:
        """The name of a node without an id of its own: its kind or class, and the thing that it stands under."""
        if not is_minted(iri):
            return None
        kind = self._kind(node)
        what = self[kind.value] if kind is not None else self._class(node)
        parent = iri[:-_DIGEST].rstrip("/").rpartition("/")[0]
        if not any(self._dataset.statements(RDF_TYPE, ox.NamedNode(parent))) if parent else True:
            return Text(f"{what.da} uden navn", f"{what.en} without a name")
        above = self[parent]
        return Text(f"{what.da} ({above.da})", f"{what.en} ({above.en})")

    def _class(self, node: ox.NamedNode) -> Text:
        """The most specific asserted class of a node."""
        terms = load()
        classes = {plain(quad.object) for quad in self._dataset.statements(RDF_TYPE, node)} & terms.classes.keys()
        narrow = [
            cls
            for cls in classes
            if not terms.classes[cls].derived and not any(other != cls and terms.is_a(other, cls) for other in classes)
        ]
        return self[min(narrow)] if narrow else Text("noget", "something")

    def _kind(self, node: ox.NamedNode) -> ox.NamedNode | None:
        """The most specific asserted kind of a thing."""
        kinds = [v for v in self._dataset.objects(node, G + "kind") if isinstance(v, ox.NamedNode)]
        if not kinds:
            return None
        broader = {
            v.value for kind in kinds for v in self._dataset.objects(kind, _BROADER) if isinstance(v, ox.NamedNode)
        }
        return min((k for k in kinds if k.value not in broader), key=lambda k: k.value, default=kinds[0])

    def _value(self, node: ox.NamedNode, local: str) -> ox.NamedNode | None:
        nodes = [v for v in self._dataset.objects(node, G + local) if isinstance(v, ox.NamedNode)]
        return min(nodes, key=lambda v: v.value, default=None)

    def _is_a(self, node: ox.NamedNode, class_: str) -> bool:
        return any(self._dataset.statements(RDF_TYPE, node, ox.NamedNode(class_)))


def readable(iri: str) -> str:
    """The decoded end of an IRI."""
    return unquote(local_name(iri.rstrip("/#")))


def unlabelled(iri: str) -> str:
    """What a node without a label is called by its IRI alone: its end, or, where that is a digest, what leads to it."""
    if not is_minted(iri):
        return readable(iri)
    parent, _, property_ = iri[:-_DIGEST].rpartition("/")
    return f"{unlabelled(parent)}/{readable(property_)}" if property_ and parent else readable(iri[:-_DIGEST])


def short(iri: str) -> str:
    """The end of an IRI with the kind of thing before it, as in org/fjord-hosting; of a node without an id what leads to it."""
    if is_minted(iri):
        return unlabelled(iri)
    if "://" not in iri:
        return iri
    rest = iri.split("://", 1)[1].rstrip("/#")
    if "#" in rest:
        return rest.rpartition("#")[2]
    return "/".join(rest.split("/")[1:][-2:]) or iri


def duration(text: str) -> Text:
    """An ISO 8601 duration in words."""
    danish: list[str] = []
    english: list[str] = []
    number = ""
    for character in text.removeprefix("P"):
        if character.isdigit():
            number += character
        elif character in _UNITS and number:
            single_da, many_da, single_en, many_en = _UNITS[character]
            length = Text.counted(int(number), Text(single_da, single_en), Text(many_da, many_en))
            danish.append(length.da)
            english.append(length.en)
            number = ""
    return Text(" og ".join(danish), " and ".join(english))


def distance(day: date, as_of: date) -> Text:
    """How far a day is from the evaluation date, in words."""
    length = duration(f"P{abs((day - as_of).days)}D")
    if day == as_of:
        return Text("i dag", "today")
    if day < as_of:
        return Text(f"for {length.da} siden", f"{length.en} ago")
    return Text(f"om {length.da}", f"in {length.en}")
