"""The assets of the map's page: templates, scripts and the drawing library, and the escaping of data in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import jinja2
from markupsafe import Markup

_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*")


def environment() -> jinja2.Environment:
    """The templates of this package; values are escaped, and a missing value is an error."""
    templates = jinja2.Environment(
        loader=jinja2.FunctionLoader(asset), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    templates.filters["json"] = as_json
    return templates


def asset(name: str) -> str:
    """A file of this package, with the line ends by which browsers compute hashes."""
    return _text(files("graphsc.rendering.map").joinpath(name).read_text(encoding="utf-8"))


def library() -> str:
    """The vis-network of pyvis, without importing pyvis, which would load IPython. Raises ModuleNotFoundError."""
    spec = find_spec("pyvis")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pyvis")
    file = Path(spec.submodule_search_locations[0]) / "templates/lib/vis-9.1.2/vis-network.min.js"
    return _SOURCE_MAP.sub("", _text(file.read_text(encoding="utf-8")))


def _text(text: str) -> str:
    return text.replace("\r\n", "\n")


def as_json(value: object) -> Markup:
    """JSON for a script element, which cannot end the element or begin another."""
    return inert(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def inert(text: str) -> Markup:
    """JSON in which no character is markup, or a line end in a script."""
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - made inert just above


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """A content security policy that admits exactly these scripts and styles, and no network."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
