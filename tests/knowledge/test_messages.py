"""A message claims no more than was looked at: a question asks, and a breach tells what is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import SH
from repository import REPOSITORY

from graphsc.core.vocabulary import G

ABSENCE = {
    "en": re.compile(
        r"\b(nothing|never|none|nobody|no one|(has|have) (no|not)|(was|were|does|do|did) not|is not (?!recorded)|are not (?!recorded)"
        r"|without|lacks?|missing|not been|neither)\b",
        re.IGNORECASE,
    ),
    "da": re.compile(
        r"\b(intet|aldrig|ingen|hverken|har ikke|(er|bliver) ikke (?!alt sammen registreret|registreret)|blev ikke|uden|mangler|siger ikke)\b",
        re.IGNORECASE,
    ),
}
"""What a question may not claim: it only knows that something is not recorded."""
ASKS = {"en": re.compile(r"\?|not recorded", re.IGNORECASE), "da": re.compile(r"\?|ikke registreret", re.IGNORECASE)}


def files() -> list[Path]:
    places = ("shapes", "ontology/obligations", "ontology/frameworks")
    return sorted(path for place in places for path in (REPOSITORY / place).rglob("*.ttl"))


def messages(path: Path) -> Iterator[tuple[str, str, rdflib.Literal]]:
    """The code, severity and each message of every rule of a file; messages inside a shape have its severity or their own."""
    graph = rdflib.Graph().parse(path)
    for rule, code in graph.subject_objects(rdflib.URIRef(G + "code")):
        nodes = [rule, *(node for node in graph.transitive_objects(rule, None) if isinstance(node, rdflib.BNode))]
        own = graph.value(rule, SH.severity, default=SH.Violation)
        for node in nodes:
            severity = graph.value(node, SH.severity, default=own)
            for message in graph.objects(node, SH.message):
                assert isinstance(message, rdflib.Literal)
                yield str(code), str(severity).rpartition("#")[2], message


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_question_asks_and_claims_no_absence(path: Path) -> None:
    wrong = []
    for code, severity, message in messages(path):
        language = str(message.language)
        text = re.sub(r"\{[^}]*\}|[“»].*?[”«]", "…", str(message))
        if severity == "Warning" and not ASKS[language].search(text):
            wrong.append(f"{code} asks nothing: {message}")
        if severity != "Violation" and (claim := ABSENCE[language].search(text)):
            wrong.append(f"{code} claims “{claim[0]}”: {message}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "ontology/obligations").glob("*.ttl")), ids=lambda path: path.stem
)
def test_an_obligation_is_a_question_since_its_evidence_may_stand_elsewhere(path: Path) -> None:
    told = {code: (severity, str(message)) for code, severity, message in messages(path)}
    assert {
        code for code, (severity, text) in told.items() if severity == "Violation" or not text.endswith("?")
    } == set()
