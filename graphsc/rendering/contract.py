"""The JSON documents: a result, with what `graphsc.core.contract` says is told of it, under a name and a version.

Fields may be added to a document, never changed. Each document is listed in ``docs/schemas.py``, which makes its JSON Schema.
"""

from __future__ import annotations

import json
from typing import Any

from graphsc.core import escape
from graphsc.core.contract import plain


def written(contents: object) -> str:
    """Contents as JSON that is also safe in a page. Raises TypeError for what JSON has no form of."""
    return _text(plain(contents))


def document(name: str, result: object) -> str:
    """A result as the document of a name, such as ``duties``: single values first, and last the labels by their IRIs."""
    told: dict[str, Any] = plain(result)
    labels = dict(sorted(told.pop("labels").items()))
    ordered = sorted(told.items(), key=lambda item: isinstance(item[1], dict | list))
    return _text({"schema": f"graphsc.{name}/1", **dict(ordered), "labels": labels})


def _text(contents: object) -> str:
    return escape.json(json.dumps(contents, ensure_ascii=False, indent=2)) + "\n"
