"""A SPARQL 1.1 server over rdflib, for the tests: an engine that shares nothing with Oxigraph.

It speaks the protocols as far as the product asks: queries and updates as POST, and the Graph Store Protocol's POST. Run
as a program it says its address and serves until it is ended.
"""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rdflib import Dataset, URIRef


class Handler(BaseHTTPRequestHandler):
    """Answers from one dataset, whose default graph is the union of its graphs."""

    dataset = Dataset(default_union=True)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        where = urlsplit(self.path)
        try:
            if where.path == "/query":
                self._say(200, *self._answer(body))
            elif where.path == "/update":
                self.dataset.update(body)
                self._say(204)
            elif where.path == "/store":
                (name,) = parse_qs(where.query)["graph"]
                self.dataset.graph(URIRef(name)).parse(data=body, format="nt11")
                self._say(204)
            else:
                self._say(404)
        except Exception as error:  # whatever the engine cannot do is said to the client
            self._say(400, f"{type(error).__name__}: {error}".encode(), "text/plain")

    def _answer(self, query: str) -> tuple[bytes, str]:
        result = self.dataset.query(query)
        rows = result.type in {"SELECT", "ASK"}
        content = result.serialize(format="json" if rows else "nt")
        assert content is not None
        return content, self.headers["Accept"]

    def _say(self, status: int, content: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
    server.serve_forever()
