"""A SPARQL 1.1 server in place of the embedded store: the calls of a store that a dataset makes, over HTTP.

The server must show the union of its named graphs as the default graph, to queries and to updates; `open_server` checks
that, since a server that does not would have no rows and no errors. Only graphs named ``urn:graphsc:…`` are ever written
or cleared. User and password, or a token, are taken from the environment and never shown.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice
from typing import NoReturn
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.problems import Unavailable
from graphsc.core.settings.endpoint import Endpoint
from graphsc.core.text import Text
from graphsc.graph import wire
from graphsc.graph.exchange import Exchange, NoReply, Reply

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = Node | ox.Literal

_TIMEOUT = 600.0
_FIRST_TIMEOUT = 20.0
_BATCH = 50_000
_BATCH_OF_UPDATE = 2_000  # servers have limits on the length of one
_NODES = 20_000
_NO_GRAPH_STORE = {404, 405, 501}


class Server:
    """The graphs of a server, with the calls of `pyoxigraph.Store` that a dataset makes.

    Every method raises Unavailable, with what the server said, where it fails. A request is tried again when the server is
    busy or gone for a moment; also an update, since adding or removing given triples twice does no harm.
    """

    def __init__(self, endpoint: Endpoint, timeout: float = _TIMEOUT) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._exchange = Exchange()
        self._nodes: dict[ox.NamedNode, list[ox.Quad]] = {}

    def query(
        self,
        query: str,
        *,
        use_default_graph_as_union: bool = True,
        substitutions: Mapping[ox.Variable, Term] | None = None,
    ) -> wire.Answer:
        """The answer to a query; substitutions are given as VALUES."""
        del use_default_graph_as_union  # every server must do that: see `open_server`
        if substitutions:
            query = sparql.with_values(query, {name.value: str(term) for name, term in substitutions.items()})
        answer = self._send(self.endpoint.query, query.encode(), "application/sparql-query", wire.accepted(query))
        if reason := wire.cut(answer.status, answer.headers):
            self._fail(reason)
        try:
            return wire.read(answer.data, answer.headers.get("Content-Type", ""), query)
        except (SyntaxError, ValueError) as error:
            self._fail(f"{error}")

    def update(self, update: str) -> None:
        """Run an update."""
        self._nodes.clear()
        self._send(self.endpoint.update, update.encode(), "application/sparql-update", "*/*")

    def quads_for_pattern(
        self,
        subject: Node | None,
        predicate: ox.NamedNode | None,
        object_: Term | None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads of a pattern; a triple comes once for each graph it stands in."""
        if isinstance(subject, ox.NamedNode):
            return _matching(self._about(subject), predicate, object_, graph)
        return self._read(subject, predicate, object_, graph)

    def _about(self, subject: ox.NamedNode) -> list[ox.Quad]:
        """All quads with a subject, cached, since names and findings read one property after the other."""
        if subject not in self._nodes:
            if len(self._nodes) >= _NODES:
                self._nodes.clear()
            self._nodes[subject] = list(self._read(subject, None, None, None))
        return self._nodes[subject]

    def _read(
        self, subject: Node | None, predicate: ox.NamedNode | None, object_: Term | None, graph: ox.NamedNode | None
    ) -> Iterator[ox.Quad]:
        pattern_terms = {"s": subject, "p": predicate, "o": object_, "g": graph}
        names = {name: f"?{name}" if term is None else str(term) for name, term in pattern_terms.items()}
        pattern = f"GRAPH {names['g']} {{ {names['s']} {names['p']} {names['o']} }}"
        free = [name for name, term in pattern_terms.items() if term is None]
        solutions = self.query(f"SELECT * WHERE {{ {pattern} }}")
        assert isinstance(solutions, ox.QuerySolutions)
        for row in solutions:
            part = {name: row[name] if name in free else term for name, term in pattern_terms.items()}
            try:
                yield ox.Quad(part["s"], part["p"], part["o"], part["g"])  # type: ignore[arg-type]
            except TypeError:
                self._fail(f"no triple: {row}")

    def __iter__(self) -> Iterator[ox.Quad]:
        return self.quads_for_pattern(None, None, None)

    def __contains__(self, quad: ox.Quad) -> bool:
        pattern = f"GRAPH {quad.graph_name} {{ {quad.subject} {quad.predicate} {quad.object} }}"
        return bool(self.query(f"ASK {{ {pattern} }}"))

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads in batches, graph by graph; a blank node is the same node within a batch only."""
        for graph, graph_quads in groupby(quads, key=lambda quad: quad.graph_name):
            triples = (quad.triple for quad in graph_quads)
            while batch := list(islice(triples, _BATCH)):
                self._add(graph, wire.sent(batch))

    def _add(self, graph: object, triples: list[ox.Triple]) -> None:
        self._nodes.clear()
        if (url := self.endpoint.store) is not None:
            url += ("&" if urlsplit(url).query else "?") + urlencode({"graph": str(graph)[1:-1]})
            answer = self._send(url, _n_triples(triples), wire.TRIPLES, "*/*", tolerated=_NO_GRAPH_STORE)
            if answer.status not in _NO_GRAPH_STORE:
                return
            self.endpoint = replace(self.endpoint, store=None)  # it has no Graph Store Protocol: send updates
        for start in range(0, len(triples), _BATCH_OF_UPDATE):
            text = _n_triples(triples[start : start + _BATCH_OF_UPDATE]).decode()
            self.update(f"INSERT DATA {{ GRAPH {graph} {{\n{text}}} }}")

    def remove(self, quad: ox.Quad) -> None:
        """Remove one quad."""
        self.update(f"DELETE DATA {{ GRAPH {quad.graph_name} {{ {quad.subject} {quad.predicate} {quad.object} }} }}")

    def remove_graph(self, graph: ox.NamedNode) -> None:
        """Remove a graph."""
        self.update(f"DROP SILENT GRAPH {graph}")

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """The named graphs with at least one triple."""
        solutions = self.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(solutions, ox.QuerySolutions)
        return iter(sorted((row["g"] for row in solutions if isinstance(row["g"], ox.NamedNode)), key=str))

    def _send(self, url: str, body: bytes, kind: str, accept: str, tolerated: Container[int] = ()) -> Reply:
        """The answer of the server to a POST. Raises Unavailable for an error whose status is not ``tolerated``."""
        try:
            answer = self._exchange.post(url, body, {"Content-Type": kind, "Accept": accept}, self._timeout)
        except NoReply as error:
            self._fail(f"{error}")
        if answer.status >= 300 and answer.status not in tolerated:
            lines = answer.data.decode("utf-8", "replace").strip().splitlines()
            self._fail(" ".join([f"HTTP {answer.status}", *lines[:1]])[:300])
        return answer

    def _fail(self, reason: str) -> NoReturn:
        place = self.endpoint.redacted
        raise Unavailable(
            Text(
                f"serveren {place} svarede ikke, som den skulle: {reason}",
                f"the server {place} did not answer as it should: {reason}",
            )
        )


def open_server(endpoint: Endpoint, first_timeout: float = _FIRST_TIMEOUT) -> Server:
    """The server at an endpoint, with graphs of earlier runs cleared; ``first_timeout``, in seconds, is for its first answer.

    Raises Unavailable where it does not answer, where its queries or updates do not see the union of its graphs, or
    where it loses rows of property paths: findings would then be missing without notice.
    """
    if not Server(endpoint, first_timeout).query("ASK {}"):
        _refuse_without_union(endpoint, Text("forespørgsler", "queries"))
    server = Server(endpoint)
    for graph in server.named_graphs():
        if graph.value.startswith("urn:graphsc:"):
            server.remove_graph(graph)
    mark = uuid4().hex
    first, second, third = (ox.NamedNode(f"urn:graphsc:probe:{mark}:{name}") for name in ("a", "b", "c"))
    step, never = f"<urn:graphsc:probe:{mark}>", f"<urn:graphsc:probe:{mark}:never>"
    try:
        server.update(
            f"INSERT DATA {{ GRAPH {first} {{ <urn:x:1> {step} <urn:x:2>, <urn:x:4> }} "
            f"GRAPH {second} {{ <urn:x:2> {step} <urn:x:3> }} }}"
        )
        joined = f"?a {step} ?b . ?b {step} ?c"
        if not server.query(f"ASK {{ {joined} }}"):
            _refuse_without_union(endpoint, Text("forespørgsler", "queries"))
        server.update(f"INSERT {{ GRAPH {third} {{ ?a {step} ?c }} }} WHERE {{ {joined} }}")
        if not server.query(f"ASK {{ GRAPH {third} {{ <urn:x:1> {step} <urn:x:3> }} }}"):
            _refuse_without_union(endpoint, Text("opdateringer", "updates"))
        for end in ("<urn:x:2>", "<urn:x:4>"):
            if not server.query(f"ASK {{ ?a {step}/{never}* {end} . GRAPH {third} {{ ?a {step} ?c }} }}"):
                _refuse_lossy_paths(endpoint)
    finally:
        for graph in (first, second, third):
            server.remove_graph(graph)
    return server


def _refuse_without_union(endpoint: Endpoint, what: Text) -> NoReturn:
    place = endpoint.redacted
    raise Unavailable(
        Text(
            f"serveren {place} lader ikke {what.da} se alle navngivne grafer under ét; slå det til (Oxigraph: --union-default-graph, "
            "Fuseki: tdb2:unionDefaultGraph)",
            f"the server {place} does not let {what.en} see all named graphs as one; switch that on (Oxigraph: --union-default-graph, "
            "Fuseki: tdb2:unionDefaultGraph)",
        )
    )


def _refuse_lossy_paths(endpoint: Endpoint) -> NoReturn:
    place = endpoint.redacted
    raise Unavailable(
        Text(
            f"serveren {place} mister svar, hvor en sti (*) står sammen med andet, så fund ville mangle "
            "(se docs/server.md)",
            f"the server {place} loses answers where a path (*) stands beside something else, so that findings would be "
            "missing (see docs/server.md)",
        )
    )


def _matching(
    quads: Iterable[ox.Quad], predicate: ox.NamedNode | None, object_: Term | None, graph: ox.NamedNode | None
) -> Iterator[ox.Quad]:
    return (
        quad
        for quad in quads
        if predicate in (None, quad.predicate) and object_ in (None, quad.object) and graph in (None, quad.graph_name)
    )


def _n_triples(triples: list[ox.Triple]) -> bytes:
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(text, bytes)
    return text
