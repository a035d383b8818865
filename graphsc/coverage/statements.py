"""The guide's statements, their treatments, the recommendations with their statements, and rules in words.

Treatments are computed: whatever cites a statement treats it, the strongest kind first (the kinds are in
``ontology/treatment.ttl``). Only for a statement that nothing cites the treatment is data, with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.contract import told
from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.resources import cases, knowledge_files, knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import QUESTION, ROOT, RULE, SCHEME, SKOS_IN_SCHEME, STATEMENT, G, local_name
from graphsc.graph.backend import Row, Term
from graphsc.graph.dataset import Dataset, is_true, plain
from graphsc.graph.labels import Labels
from graphsc.validation.result_messages import fill

_LOOKS_AT, _DOES_NOT_SEE = Text("Ser på", "Looks at"), Text("Ser ikke", "Does not see")


@dataclass(frozen=True, slots=True)
class Carrier:
    """What treats a statement."""

    treatment: str  #: The way in which it does.
    #: The code of a rule, the name of a derivation rule, a question or a measure, or a term such as `g:Delivery`.
    name: str
    iri: str  #: The same as an IRI.


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the guide with its treatment."""

    id: str  #: Such as B2-04.
    section: str  #: Where in the guide it stands.
    phase: str | None  #: The phase it belongs to, as an IRI.
    addressee: str  #: Whom it addresses.
    weight: str  #: How strongly it speaks: must, should or may.
    checkable: bool  #: Whether it asks for something (must or should) that a graph can show.
    text: Text  #: What it says in short.
    treatment: str | None  #: The strongest way in which it is treated; null when nothing treats it, which is a fault.
    carriers: tuple[Carrier, ...]  #: What treats it, strongest first.
    reason: Text | None  #: Why it is not treated as a check, an obligation or a derivation.
    #: The facts that are looked at before it counts as met; null where that is not described.
    looks_at: Text | None = None
    does_not_see: Text | None = None  #: What of it cannot be seen in the data; null where that is not described.

    @property
    def scope(self) -> tuple[tuple[Text, Text], ...]:
        """The facts that are checked for it, and what of it is not seen, each with its heading."""
        parts = ((_LOOKS_AT, self.looks_at), (_DOES_NOT_SEE, self.does_not_see))
        return tuple((heading, text) for heading, text in parts if text is not None)

    @property
    @told
    def by(self) -> tuple[str, ...]:
        """The names of what treats it in the strongest way."""
        return tuple(carrier.name for carrier in self.carriers if carrier.treatment == self.treatment)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A numbered recommendation of the guide."""

    id: str  #: Such as R-5.4.
    text: Text  #: What it says in short.
    statements: tuple[str, ...]  #: The ids of the statements that it gathers, its own first.


def treatments(dataset: Dataset) -> list[str]:
    """The kinds of treatment, as IRIs, strongest first."""
    rows = dataset.select(
        f"SELECT DISTINCT ?kind ?order WHERE {{ ?kind <{SKOS_IN_SCHEME}> <{SCHEME}treatment> ; <{G}order> ?order }}"
    )
    return [plain(row["kind"]) for row in sorted(rows, key=lambda row: int(plain(row["order"])))]


def statements(dataset: Dataset) -> dict[str, Statement]:
    """Every statement by its id, in the order of the guide's sections."""
    kinds, carriers = _carriers(dataset)
    result: dict[str, Statement] = {}
    for row in _rows(dataset, "statements"):
        name = _id(row)
        by = tuple(carriers.get(name, ()))
        result[name] = Statement(
            id=name,
            section=plain(row["section"]),
            phase=plain(row.get("phase")) or None,
            addressee=plain(row["addressee"]),
            weight=plain(row["weight"]),
            checkable=is_true(row.get("checkable")),
            text=Text(plain(row["danish"]), plain(row["english"])),
            treatment=by[0].treatment if by else kinds.get(name),
            carriers=by,
            reason=_text(row, "reason"),
            looks_at=_text(row, "looksAt"),
            does_not_see=_text(row, "doesNotSee"),
        )
    return dict(sorted(result.items(), key=lambda item: _place(item[1])))


def recommendations(dataset: Dataset, by_name: Mapping[str, Statement]) -> list[Recommendation]:
    """The numbered recommendations in the order of the guide, with their statements."""
    gathered: dict[str, set[str]] = defaultdict(set)
    for row in _rows(dataset, "recommendations"):
        gathered[plain(row["recommendation"]).removeprefix(STATEMENT)].add(_id(row))
    return [
        Recommendation(name, statement.text, (name, *(other for other in by_name if other in gathered[name] - {name})))
        for name, statement in by_name.items()
        if name in gathered
    ]


def _carriers(dataset: Dataset) -> tuple[dict[str, str], dict[str, list[Carrier]]]:
    """The treatments that are data, and the carriers that cite each statement, strongest first."""
    recorded: dict[str, str] = {}
    citing: dict[str, set[tuple[int, Carrier]]] = defaultdict(set)
    for row in _rows(dataset, "treatments"):
        treatment = local_name(plain(row["treatment"]))
        if "by" not in row:
            recorded[_id(row)] = treatment
            continue
        iri = plain(row["by"])
        carrier = Carrier(treatment, plain(row.get("code")) or _name(iri), iri)
        citing[_id(row)].add((int(plain(row["order"])), carrier))
    return recorded, {
        name: [carrier for _, carrier in sorted(pairs, key=lambda pair: (pair[0], pair[1].name, pair[1].iri))]
        for name, pairs in citing.items()
    }


def _name(iri: str) -> str:
    """The name of a carrier without a code."""
    for prefix in (RULE_PREFIX, QUESTION):
        if iri.startswith(prefix):
            return iri.removeprefix(prefix)
    if iri.startswith(G):
        return f"g:{iri.removeprefix(G)}"
    return ":".join(iri.removeprefix(ROOT).rsplit("/", 1)) if iri.startswith(ROOT) else iri


def _text(row: Row, name: str) -> Text | None:
    """A text of a row in both languages, where it has one."""
    return Text(plain(row[f"{name}Danish"]), plain(row[f"{name}English"])) if f"{name}Danish" in row else None


def _rows(dataset: Dataset, name: str) -> list[Row]:
    return list(dataset.select(knowledge_text(f"ontology/coverage/{name}.rq")))


def _id(row: Row) -> str:
    return plain(row["statement"]).removeprefix(STATEMENT)


def _place(statement: Statement) -> tuple[object, ...]:
    """A sort key: front matter, numbered sections, annexes; in each the recommendation first, then by number."""
    section = statement.section
    part = 1 if section[:1].isdigit() else 2 if section[-1:].isdigit() else 0
    return (part, _natural(section), not statement.id.startswith("R-"), _natural(statement.id))


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(run), "") if run.isdigit() else (1, 0, run) for run in re.findall(r"\d+|\D+", text))


_TURTLE = ("shapes", "ontology/obligations")
_QUERIES = {"derivation": "ontology/rules", "question": "queries"}


@dataclass(frozen=True, slots=True)
class RuleText:
    """The text of a rule or a query, and the file of the knowledge that has it."""

    file: str
    text: str


def rule_text(carrier: Carrier) -> RuleText | None:
    """The text of a check, an obligation, a derivation rule or a question; None for one that is not shipped."""
    if carrier.treatment in _QUERIES:
        folder = _QUERIES[carrier.treatment]
        for file in knowledge_files(folder, ".rq"):
            if file.name == f"{carrier.name}.rq":
                return RuleText(f"{folder}/{file.name}", _without_header(file))
        return None
    if not carrier.iri.startswith(RULE):
        return None
    start = f"rule:{carrier.iri.removeprefix(RULE)} "
    for folder in _TURTLE:
        for file in knowledge_files(folder, ".ttl"):
            block = _block(file.read_text(encoding="utf-8"), start)
            if block:
                return RuleText(f"{folder}/{file.name}", block)
    return None


def case_names(code: str) -> list[str]:
    """The names of the cases of a rule: each has a conforming graph and the one fact that violates the rule."""
    names = (file.name.removesuffix(".yaml") for file in cases())
    return sorted(name for name in names if name == code or name.startswith(f"{code}-"))


def _without_header(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if not (line.startswith("# ") and sparql.header(line))]
    return "\n".join(body).strip()


def _block(text: str, start: str) -> str:
    """The lines of a Turtle file on a subject, from ``start`` to the full stop; empty when there are none."""
    result: list[str] = []
    quoted = False
    for line in text.splitlines():
        if not result and not line.startswith(start):
            continue
        result.append(line)
        quoted ^= line.count('"""') % 2 == 1
        if not quoted and line.rstrip().endswith("."):
            break
    return "\n".join(result)


def readings(dataset: Dataset, rule: str) -> list[Text]:
    """The sentences on how a rule, given as an IRI, reads the data, in the order of the files; from the knowledge alone."""
    labels = Labels(dataset)
    return [
        fill(sentence, {name: _named(term, labels) for name, term in row.items()})
        for query, sentence in _questions()
        for row in dataset.select_knowledge(query, rule=ox.NamedNode(rule))
    ]


@cache
def _questions() -> list[tuple[str, Text]]:
    """The queries and their sentences."""
    texts = [file.read_text(encoding="utf-8") for file in knowledge_files("ontology/readings", ".rq")]
    headers = [sparql.header(text) for text in texts]
    return [(text, Text(header["said.da"], header["said.en"])) for text, header in zip(texts, headers, strict=True)]


def _named(term: Term, labels: Labels) -> Text:
    return Text.same(term.value) if isinstance(term, ox.Literal) else labels[plain(term)]
