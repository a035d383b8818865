"""Notes on an answer: unknown terms in the query, and registers and properties that it needs but that are not recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain, pairwise

from pyoxigraph import NamedNode

from graphsc import sparql
from graphsc.core import vocabulary as v
from graphsc.core.closest import closest
from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.text import Text, capital
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels
from graphsc.graph.loading import is_mergeable
from graphsc.graph.questions import QuestionError
from graphsc.service import Opened
from graphsc.service.query.pitfalls import Pitfalls, listed
from graphsc.sources.reporting import quoted, suggestion
from graphsc.sources.terms import Terms, load, normal
from graphsc.sparql.reading import read
from graphsc.sparql.syntax import Aggregate, Triple, Var, nodes

_AGGREGATES = ("COUNT", "SUM", "AVG")
_REGISTER = v.ROOT + "register/"


def notes(opened: Opened, query: str, *, custom: bool = True, quick: bool = True) -> list[Text]:
    """The notes for the reader of an answer; without them, an empty answer looks like a good one.

    Notes that read the data are computed only after a ``quick`` query. A shipped question, which is not ``custom``, explains
    in its description how to read the answer.
    """
    named = list(dict.fromkeys(names(query)))
    terms = load(opened.additions.triples)
    result = [
        *_repeated(opened, query),
        *unknown(named, terms),
        *_not_recorded(opened, list(dict.fromkeys([*_registers(named, terms), *_rests_on(query, terms)]))),
    ]
    if not custom:
        return result
    result += _no_graph(opened, query)
    pitfalls = Pitfalls(opened.dataset, query, terms)
    result += [*pitfalls.written(), *_joined_nodes(query, terms)]
    if quick:
        with suppress(ValueError, RuntimeError, OSError, SyntaxError):  # the answer is there without notes
            for note in chain(pitfalls.matched(), pitfalls.kept(), pitfalls.repeated()):
                result.append(note)
    return list(dict.fromkeys(result))


def _repeated(opened: Opened, query: str) -> Iterator[Text]:
    """A note that a number may count a fact several times, if the graphs of a store were not merged."""
    if any(sparql.mentions(query, word) for word in _AGGREGATES) and not is_mergeable(opened.dataset):
        yield Text(
            "En oplysning, der står i flere filer, kan være talt med flere gange. Tæl med DISTINCT for at være sikker.",
            "A fact that stands in several files may be counted several times. Count with DISTINCT to be sure.",
        )


def _joined_nodes(query: str, terms: Terms) -> Iterator[Text]:
    """A note that GROUP_CONCAT has no value, where it joins nodes and not texts."""
    with suppress(ValueError):  # a query that only the engine can parse
        tree = read(query)
        triples = [node for node in nodes(tree) if isinstance(node, Triple)]
        things = {triple.subject for triple in triples} | {
            triple.object
            for triple in triples
            if (prop := terms.properties.get(getattr(triple.predicate, "value", ""))) is not None and not prop.literal
        }
        for node in nodes(tree):
            if (
                isinstance(node, Aggregate)
                and node.name == "GROUP_CONCAT"
                and isinstance(node.argument, Var)
                and node.argument in things
            ):
                name = f"?{node.argument.name}"
                yield Text(
                    f"GROUP_CONCAT samler tekster, og {name} står for ting, så værdien er tom. Skriv STR({name}) eller tingenes navne.",
                    f"GROUP_CONCAT joins texts, and {name} stands for nodes, so the value is empty. Write STR({name}), or their names.",
                )


def need_prefixes(query: str) -> None:
    """Raise QuestionError for undeclared prefixes, with a better message than that of the engine."""
    declared = sparql.prefixes(query)
    used = (token.text.partition(":")[0] for token in sparql.tokens(query) if token.kind == "name")
    missing = list(dict.fromkeys(prefix for prefix in used if prefix not in declared))
    if missing:
        lines = " ".join(f"PREFIX {prefix}: <{_home(prefix)}>" for prefix in missing)
        which = ", ".join(quoted(f"{prefix}:") for prefix in missing)
        raise QuestionError(
            Text(
                f"{'Præfikset' if len(missing) == 1 else 'Præfikserne'} {which} er ikke erklæret; skriv {lines} øverst i forespørgslen.",
                f"The {'prefix' if len(missing) == 1 else 'prefixes'} {which} {'is' if len(missing) == 1 else 'are'} not declared; write {lines} at the top of the query.",
            )
        )


def _home(prefix: str) -> str:
    """The most likely namespace of a prefix."""
    namespaces = {"g": v.G, "rdf": v.RDF, "rdfs": v.RDFS, "skos": v.SKOS, "xsd": v.XSD, "owl": v.OWL}
    schemes = {v.local_name(scheme) for concept in load().concepts.values() for scheme in concept.schemes}
    return namespaces.get(prefix) or (f"{v.ROOT}{prefix}/" if prefix in schemes else "…")


def names(query: str) -> Iterator[str]:
    """The IRIs in a query, written out or with a prefix."""
    declared = sparql.prefixes(query)
    return filter(None, (_iri(token, declared) for token in sparql.tokens(query)))


def _iri(token: sparql.Token, declared: Mapping[str, str]) -> str | None:
    """The IRI of a token of a query."""
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return declared[prefix] + local if token.kind == "name" and local and prefix in declared else None


def _no_graph(opened: Opened, query: str) -> Iterator[Text]:
    """A note on graphs in the query that do not exist, with some of those that do."""
    declared, tokens = sparql.prefixes(query), list(sparql.tokens(query))
    graph_names = (_iri(name, declared) for word, name in pairwise(tokens) if word.text.upper() == "GRAPH")
    for iri in dict.fromkeys(filter(None, graph_names)):
        if any(opened.dataset.select(f"SELECT ?s WHERE {{ GRAPH {NamedNode(iri)} {{ ?s ?p ?o }} }} LIMIT 1")):
            continue
        existing = [name.value for name in opened.dataset.store.named_graphs() if isinstance(name, NamedNode)]
        first = sorted(existing, key=lambda name: (not name.startswith(SOURCE_PREFIX), name))[:3]
        listed = ", ".join(f"<{name}>" for name in first)
        yield Text(
            f"Der er ingen graf <{iri}>, så GRAPH giver dér ingen rækker. Der er {len(existing)} grafer, blandt andet {listed}.",
            f"There is no graph <{iri}>, so GRAPH gives no rows there. There are {len(existing)} graphs, among them {listed}.",
        )


def unknown(named: list[str], terms: Terms) -> Iterator[Text]:
    """Notes on properties, classes and concepts of the ontology's namespaces that do not exist."""
    kinds = (terms.properties, terms.classes, terms.annotations)

    def is_ours(iri: str) -> bool:
        return any(iri in kind for kind in kinds)

    for iri in named:
        if iri.startswith(v.G) and iri != v.G and not is_ours(iri):
            local = iri.removeprefix(v.G)
            keyed = next((prop.iri for prop in terms.keys.get(normal(local), ()) if prop.inverse_of is None), None)
            meant = keyed or closest(local, {our.removeprefix(v.G) for our in chain(*kinds) if our.startswith(v.G)})
            end = suggestion(None if meant is None else "g:" + meant.removeprefix(v.G))
            yield Text(
                f"g:{local} er hverken en egenskab eller en klasse, så den giver ingen rækker.{end.da}",
                f"g:{local} is neither a property nor a class, so it gives no rows.{end.en}",
            )
        elif iri in terms.properties and (stored := terms.properties[iri].inverse_of) is not None:
            local, other = v.local_name(iri), v.local_name(stored)
            yield Text(
                f"g:{local} er kun til at skrive med og giver ingen rækker: I grafen står den anden retning. Skriv ^g:{other}.",
                f"g:{local} is only for writing and gives no rows: the graph holds the other direction. Write ^g:{other}.",
            )
        elif "#" in iri and v.is_ours(iri) and iri != (same := v.G + v.local_name(iri)) and is_ours(same):
            end = suggestion(same)
            yield Text(f"{iri} giver ingen rækker.{end.da}", f"{iri} gives no rows.{end.en}")
    for iri in named:
        home, _, local = iri.rpartition("/")
        if not local or not iri.startswith(v.ROOT) or iri.startswith(v.G) or iri in terms.concepts:
            continue
        there = {v.local_name(item) for item in terms.concepts if item.rpartition("/")[0] == home}
        if there:
            meant = closest(local, there)
            end, name = suggestion(meant), f"{v.local_name(home)}:{local}"
            yield Text(f"Begrebet {name} findes ikke.{end.da}", f"There is no concept {name}.{end.en}")


def _registers(named: list[str], terms: Terms) -> list[str]:
    return [iri for iri in named if iri.startswith(_REGISTER) and iri in terms.concepts]


def _rests_on(query: str, terms: Terms) -> list[str]:
    """The registers and expected properties that the answer to a query depends on, by its header."""
    names = sparql.header(query).get("rests-on", "").split()
    registers = {name: _REGISTER + name.removeprefix("register:") for name in names if name.startswith("register:")}
    return [iri if (iri := registers.get(name)) in terms.concepts else v.G + name.removeprefix("g:") for name in names]


def _not_recorded(opened: Opened, named: list[str]) -> Iterator[Text]:
    """Notes on registers that are not kept, and properties that are missing, among those that an answer depends on."""
    labels = Labels(opened.dataset)
    for iri in named:
        node, label = NamedNode(iri), labels[iri]
        if iri.startswith(_REGISTER):
            places = opened.dataset.select(_WITHOUT_REGISTER, register=node)
            kept = next(iter(opened.dataset.store.quads_for_pattern(None, _KEEPS, node, None)), None) is not None
            if places and kept:
                where = listed(labels[plain(row["place"])] for row in places)
                yield Text(
                    f"Registeret over {label.da} føres ikke for {where.da}, så svaret siger intet om det, der mangler dér.",
                    f"The register of {label.en} is not kept for {where.en}, so the answer says nothing of what is missing there.",
                )
            elif not kept:
                yield Text(
                    f"Registeret over {label.da} føres ikke, så svaret siger intet om det, der mangler.",
                    f"The register of {label.en} is not kept, so the answer says nothing of what is missing.",
                )
        elif places := opened.dataset.select(_WITHOUT_PROPERTY, property=node):
            where = listed(labels[plain(row["place"])] for row in places)
            yield Text(
                f"{capital(label.da)} er ikke registreret for {where.da}; dér siger svaret intet.",
                f"{capital(label.en)} is not recorded for {where.en}; of that the answer says nothing.",
            )


_KEEPS = NamedNode(v.G + "keepsRegister")
_WITHOUT_REGISTER = f"""
SELECT DISTINCT ?register ?place WHERE {{
  ?register <{v.G}keptBy> ?class . ?place a ?class .
  FILTER NOT EXISTS {{ ?place <{v.G}keepsRegister> ?register }}
}} ORDER BY ?place"""
_WITHOUT_PROPERTY = f"""
SELECT DISTINCT ?property ?place WHERE {{
  ?property <{v.G}expectedOf> ?class . ?place a ?class .
  FILTER NOT EXISTS {{ ?place ?property ?any }}
  FILTER NOT EXISTS {{ ?place <{v.G}establishedIn> ?country . FILTER(?property = <{v.G}country>) }}
}} ORDER BY ?place"""
