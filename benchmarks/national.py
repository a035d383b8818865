"""Generated national graphs, as files, with planted violations that are known.

An authority is the demo authority without its problems, under names of its own: its systems, agreements, chains, people, and evidence
of several years, in which no rule finds fault. Around it stands a nation: suppliers that many authorities share, the
popular ones again and again (Zipf), the central purchasing bodies and their frameworks, Statens IT with its ministry,
and subcontracts that serve two customers at once. Chains go on to tier six. In about every fiftieth agreement something
is then broken in a way whose finding is written down here. The same seed gives the same files.

    python benchmarks/national.py FOLDER --triples 100000
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

import pyoxigraph as ox
from mended import mended

from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, ROOT, XSD_DATE, G
from graphsc.sources import read

BASE = "https://nordlys.example/"
NATION = "https://national.example/"
AS_OF = date(2026, 11, 25)
NODES = "urn:graphsc:node:"
TIERS = 6
EARLIER = (2024, 2023, 2022)
"""The years whose evidence is that of 2025 over again."""

_SHARED = re.compile(rf"{BASE}(?:ramme/.*|beretning/.*|org/(?:ski|statens-indkoeb|statens-it|fm-departement))")
_REPORT = BASE + "beretning/"
_PAPER = re.compile(rf"{BASE}(?:tilsyn|undertilsyn|risikobidrag|kontraktgennemgang)/2025-")
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)

Triple = tuple[str, str, ox.NamedNode | ox.Literal]


@dataclass(frozen=True, slots=True, order=True)
class Planted:
    """A violation that is there on purpose: the code, subject and value of the finding it must give."""

    code: str
    subject: str
    value: str | None


class Facts:
    """The facts of an authority, to read and to change."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = dict.fromkeys(triples)

    def about(self, node: str) -> list[Triple]:
        """What is said of a node."""
        return [triple for triple in self.triples if triple[0] == node]

    def naming(self, node: str, local: str = "") -> list[Triple]:
        """What names a node, by whatever property or by one."""
        value = ox.NamedNode(node)
        return [t for t in self.triples if t[2] == value and local in {"", t[1].removeprefix(G)}]

    def subjects(self, local: str, node: str) -> list[str]:
        """What names a node by a property."""
        return [triple[0] for triple in self.naming(node, local)]

    def add(self, subject: str, local: str, value: ox.NamedNode | ox.Literal) -> None:
        """Say something of a subject."""
        self.triples[subject, G + local, value] = None

    def drop(self, subject: str, local: str, value: str | None = None) -> None:
        """Take away what a property says of a subject, or one value of it."""
        before = len(self.triples)
        gone = [t for t in self.about(subject) if t[1] == G + local and (value is None or t[2] == ox.NamedNode(value))]
        for triple in gone:
            del self.triples[triple]
        assert len(self.triples) < before, (subject, local, value)

    def forget(self, node: str) -> None:
        """Take away a thing and all that names it."""
        for triple in [*self.about(node), *self.naming(node)]:
            self.triples.pop(triple, None)


def day(text: str) -> ox.Literal:
    """A date."""
    return ox.Literal(text, datatype=ox.NamedNode(XSD_DATE))


# ---------------------------------------------------------------------- what may be planted


def _without_approval(facts: Facts, subcontract: str) -> None:
    for approval in facts.subjects("approves", subcontract):
        facts.forget(approval)


def _dropped(facts: Facts, requirement: str, *subcontracts: str) -> None:
    for subcontract in subcontracts:
        facts.drop(BASE + subcontract, "requires", BASE + requirement)


def _left_out(facts: Facts, agreement: str, *papers: str) -> None:
    for paper in papers:
        facts.drop(BASE + paper, "concerns", BASE + agreement)


def _withdrawn(facts: Facts, subcontract: str) -> None:
    for approval in facts.subjects("approves", subcontract):
        facts.add(approval, "withdrawn", day("2026-09-30"))


def _redated(facts: Facts, subject: str, local: str, to: str) -> None:
    facts.drop(BASE + subject, local)
    facts.add(BASE + subject, local, day(to))


def _without_clause(facts: Facts, agreement: str, topic: str) -> None:
    clauses = {triple[0] for triple in facts.naming(f"{ROOT}clause/{topic}", "clauseTopic")}
    (clause,) = clauses & set(facts.subjects("clauseOf", BASE + agreement))
    facts.forget(clause)


def _unweighed(facts: Facts) -> None:
    kind = f"{ROOT}activity/fm-report-weighing"
    latest = max(facts.subjects("kind", kind), key=lambda node: _date(facts, node))
    facts.forget(latest)


def _date(facts: Facts, node: str) -> str:
    return max(t[2].value for t in facts.about(node) if t[1] == G + "date")


_PAPERS_2026 = ("risikovurdering/2026-administration", "risikoplan/2026-administration")

_SUPERVISION = ox.NamedNode(f"{ROOT}activity/supervision")

KINDS: tuple[tuple[Planted, Callable[[Facts], None]], ...] = (
    (
        Planted("SUB001", "underleverance/kuvertering", "kontrakt/tryk-2024"),
        lambda facts: _without_approval(facts, BASE + "underleverance/kuvertering"),
    ),
    (
        Planted("SUB002", "underleverance/vagt", "kontrakt/drift-2024"),
        lambda facts: _without_approval(facts, BASE + "underleverance/vagt"),
    ),
    (
        Planted("SUB004", "underleverance/analytikere", "kontrakt/overvaagning-2024"),
        lambda facts: _withdrawn(facts, BASE + "underleverance/analytikere"),
    ),
    (
        Planted("FLW001", "underleverance/datacenter", "krav/drift-underretning"),
        lambda facts: _dropped(facts, "krav/drift-underretning", "underleverance/datacenter", "underleverance/koeling"),
    ),
    (
        Planted("FRM003", "leveranceaftale/dataplatform-2025", "ramme/ski-data"),
        lambda facts: _redated(facts, "leveranceaftale/dataplatform-2025", "signed", "2025-10-06"),
    ),
    (
        Planted("RSK001", "leveranceaftale/arbejdsplads-2025", None),
        lambda facts: _left_out(facts, "leveranceaftale/arbejdsplads-2025", *_PAPERS_2026),
    ),
    (
        Planted("CON001", "kontrakt/analyse-2025", None),
        lambda facts: _left_out(facts, "kontrakt/analyse-2025", "kontraktgennemgang/2026-drift"),
    ),
    (
        Planted("SIT002", "overdragelse/statens-it-2023", None),
        _unweighed,
    ),
    (
        Planted("EXI003", "kontrakt/kommunikation-2022", None),
        lambda facts: _without_clause(facts, "kontrakt/kommunikation-2022", "exit-asset-list"),
    ),
    (
        Planted("ACS002", "adgang/arkiv-database", "kontrakt/arkiv-2019"),
        lambda facts: facts.drop(BASE + "adgang/arkiv-database", "until"),
    ),
    (
        Planted("TND002", "krav/drift-backup", "kontrakt/drift-2024"),
        lambda facts: _redated(facts, "krav/drift-backup", "changed", "2023-10-02"),
    ),
)


# ---------------------------------------------------------------------- the pattern of an authority


def pattern() -> Facts:
    """The mended demo, with evidence of earlier years and chains to tier six."""
    sources = read([mended()])
    assert sources.problems == []
    facts = Facts(
        (quad.subject.value, quad.predicate.value, quad.object)
        for source in sources.sources
        for quad in source.quads
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, (ox.NamedNode, ox.Literal))
    )
    papers = sorted({triple[0] for triple in facts.triples if _PAPER.match(triple[0])})
    for year in EARLIER:
        _again(facts, papers, year)
    last = BASE + "underleverance/vagt"
    for tier in range(5, TIERS + 1):
        last = _below(facts, last, tier)
    return facts


def _again(facts: Facts, papers: Sequence[str], year: int) -> None:
    """Papers of 2025 and what is about them, such as approvals and plans, written in another year too.

    What has a due day is left out: it would be open since then.
    """
    due = {triple[0] for triple in facts.triples if triple[1] == G + "due"}
    names = {paper: paper.replace("/2025-", f"/{year}-") for paper in papers}
    more = list(papers)
    while more:
        about = {t[0] for paper in more for local in ("concerns", "approves") for t in facts.naming(paper, local)}
        more = sorted(about - names.keys() - due)
        names |= {node: f"{node}-{year}" for node in more}
    for old, new in names.items():
        for _, predicate, value in facts.about(old):
            facts.triples[new, predicate, _moved(value, names, year)] = None


def _moved(value: ox.NamedNode | ox.Literal, names: Mapping[str, str], year: int) -> ox.NamedNode | ox.Literal:
    if isinstance(value, ox.NamedNode):
        return ox.NamedNode(names.get(value.value, value.value))
    if value.datatype.value == XSD_DATE:
        return day(f"{int(value.value[:4]) - 2025 + year}{value.value[4:]}")
    return value


def _below(facts: Facts, above: str, tier: int) -> str:
    """A subcontract under one that has none: all that holds of that one holds of it, and its supplier is another."""
    link = f"{above.rsplit('-', 1)[0] if tier > 5 else above}-{tier}"
    supplier = next(t[2].value for t in facts.about(above) if t[1] == G + "supplier")
    company = f"{supplier.rsplit('-', 1)[0] if tier > 5 else supplier}-{tier}"
    for _, predicate, value in facts.about(supplier):
        if predicate not in {G + "cvr", G + "ownerGroup"}:
            facts.triples[company, predicate, value] = None
    for _, predicate, value in facts.about(above):
        facts.triples[link, predicate, value] = None
    facts.drop(link, "under")
    facts.add(link, "under", ox.NamedNode(above))
    facts.drop(link, "supplier")
    facts.add(link, "supplier", ox.NamedNode(company))
    for subject, predicate, _ in facts.naming(above):
        if predicate == G + "under":
            continue
        if ox.NamedNode(G + "Approval") in {t[2] for t in facts.about(subject) if t[1] == RDF_TYPE}:
            for _, property_, value in facts.about(subject):
                facts.triples[f"{subject}-{tier}", property_, ox.NamedNode(link) if value.value == above else value] = (
                    None
                )
        elif _SUPERVISION in {t[2] for t in facts.about(subject) if t[1] == G + "kind"}:
            for _, property_, value in facts.about(subject):  # each link is supervised by whoever is above it
                below = {G + "concerns": ox.NamedNode(link), G + "performer": ox.NamedNode(supplier)}
                facts.triples[f"{subject}-{tier}", property_, below.get(property_, value)] = None
        elif predicate != G + "subcontract":
            facts.triples[subject, predicate, ox.NamedNode(link)] = None
    return link


# ---------------------------------------------------------------------- the nation


class Nation:
    """Authorities of one pattern, and what they share."""

    def __init__(self, authorities: int, seed: int, rate: float) -> None:
        self.facts = pattern()
        self.authorities = authorities
        self.rate = rate
        self.draw = random.Random(seed)
        self.variants = max(1, authorities // 4)
        self.popularity = [1.0 / (rank + 1) for rank in range(self.variants)]
        company = ox.NamedNode(f"{ROOT}kind/company")
        self.companies = sorted(t[0] for t in self.facts.triples if t[1] == G + "kind" and t[2] == company)
        self.groups = sorted({t[2].value for t in self.facts.triples if t[1] == G + "ownerGroup"})
        self.agreements = len({t[0] for t in self.facts.triples if t[1] == G + "supplier"})
        self._numbers = _company_numbers()

    def files(self) -> Iterator[tuple[str, list[Triple], list[Planted]]]:
        """Name, facts and what was planted of each file: the nation's own first, then one for each authority."""
        shared = {*self.companies, *self.groups, *(t[0] for t in self.facts.triples if _SHARED.fullmatch(t[0]))}
        shared = {node for node in shared if not node.startswith(_REPORT)}  # each authority says that it has got it
        yield "nation", list(self._nation(sorted(shared))), []
        for number in range(1, self.authorities + 1):
            yield f"authority-{number:05}", *self._authority(number, shared)

    def _nation(self, shared: list[str]) -> Iterator[Triple]:
        for node in shared:
            many = node in self.companies or node in self.groups
            for variant in range(self.variants if many else 1):
                name = self._shared(node, {node: variant}) or ""
                for _, predicate, value in self.facts.about(node):
                    if predicate == G + "cvr":
                        yield name, predicate, ox.Literal(next(self._numbers))
                    elif predicate == RDFS_LABEL and many and isinstance(value, ox.Literal):
                        yield name, predicate, _called(value, str(variant + 1))
                    elif value.value in self.companies:  # a framework admits all of them
                        for each in range(self.variants):
                            yield name, predicate, ox.NamedNode(self._shared(value.value, {value.value: each}) or "")
                    else:
                        same = {value.value: variant}
                        name_of_shared = self._shared(value.value, same) if isinstance(value, ox.NamedNode) else None
                        yield name, predicate, ox.NamedNode(name_of_shared) if name_of_shared else value

    def _authority(self, number: int, shared: set[str]) -> tuple[list[Triple], list[Planted]]:
        facts = Facts(self.facts.triples)
        expected = self.rate * self.agreements
        broken = int(expected) + (self.draw.random() < expected % 1)
        planted = []
        variants = dict(
            zip(
                self.companies,
                self.draw.choices(range(self.variants), self.popularity, k=len(self.companies)),
                strict=True,
            )
        )

        def name(iri: str) -> str:
            shared_name = self._shared(iri, variants)
            if shared_name is not None:
                return shared_name
            base = f"https://a{number}.example/"
            if iri.startswith(NODES):
                return f"{base}node/{iri.removeprefix(NODES)}"
            return base + iri.removeprefix(BASE) if iri.startswith(BASE) else iri

        for plant, change in self.draw.sample(KINDS, k=min(broken, len(KINDS))):
            change(facts)
            about = None if plant.value is None else name(BASE + plant.value)
            planted.append(Planted(plant.code, name(BASE + plant.subject), about))
        triples: list[Triple] = []
        for subject, predicate, value in facts.triples:
            if subject in shared:
                continue
            if isinstance(value, ox.NamedNode):
                triples.append((name(subject), predicate, ox.NamedNode(name(value.value))))
            elif predicate == G + "cvr":
                triples.append((name(subject), predicate, ox.Literal(next(self._numbers))))
            elif predicate == RDFS_LABEL:
                triples.append((name(subject), predicate, _called(value, str(number))))
            else:
                triples.append((name(subject), predicate, value))
        return triples, planted

    def _shared(self, iri: str, variants: dict[str, int]) -> str | None:
        """The name of what authorities share; None for what is an authority's own."""
        if iri in self.companies or iri in self.groups:
            return f"{NATION}{iri.removeprefix(BASE)}-{variants.get(iri, 0) + 1}"
        return NATION + iri.removeprefix(BASE) if _SHARED.fullmatch(iri) else None


def _called(label: ox.Literal, number: str) -> ox.Literal:
    return ox.Literal(f"{label.value} {number}", language=label.language)


def _company_numbers() -> Iterator[str]:
    """Numbers with a right check digit, of a series that is not in use."""
    for stem in count(9_900_000):
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, str(stem), strict=False))
        if total % 11 != 1:
            yield f"{stem}{-total % 11}"


def write(folder: Path, triples: int, *, seed: int = 1, rate: float = 0.02) -> list[Planted]:
    """Write files of about so many triples as N-Triples; the findings that they must give, in order.

    ``rate`` is the share of agreements in which something is broken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    each = len(pattern().triples)
    planted: list[Planted] = []
    for name, facts, broken in Nation(max(1, round(triples / each)), seed, rate).files():
        lines = sorted(f"<{subject}> <{predicate}> {value} .\n" for subject, predicate, value in facts)
        (folder / f"{name}.nt").write_text("".join(lines), encoding="utf-8")
        planted += broken
    return sorted(planted, key=lambda finding: (finding.code, finding.subject))


def main() -> None:
    """Write a nation and say what was planted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    kinds: dict[str, int] = defaultdict(int)
    for finding in write(options.folder, options.triples, seed=options.seed):
        kinds[finding.code] += 1
    print(", ".join(f"{code} {number}" for code, number in sorted(kinds.items())) or "nothing planted")


if __name__ == "__main__":
    main()
