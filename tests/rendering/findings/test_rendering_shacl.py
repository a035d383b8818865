"""SHACL's report, as a graph."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, parse
from sample_report import APPROVAL, CLEAN, EVIL, HOSTILE, RICH, RULES, UNRECORDED, WAIVED
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.rendering.findings.standards import shacl
from graphsc.validation.findings import Report

SH = "http://www.w3.org/ns/shacl#"


def graph(report: Report) -> Store:
    store = Store()
    text = shacl(report, RULES, language=Language.EN)
    store.extend(parse(text, format=RdfFormat.TURTLE))
    return store


def objects(store: Store, property_: str) -> list[str]:
    quads = store.quads_for_pattern(None, NamedNode(SH + property_), None, DefaultGraph())
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode | Literal))


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert shacl(RICH, RULES, language=language) == snapshot(name=f"rich-{language}")
    assert shacl(CLEAN, RULES, language=language) == snapshot(name=f"clean-{language}")


def test_what_counts_is_a_result_and_nothing_else_is() -> None:
    store = graph(RICH)
    assert objects(store, "conforms") == ["false"]
    assert len(objects(store, "result")) == 3
    assert objects(store, "resultSeverity") == [SH + "Info", SH + "Violation", SH + "Warning"]
    assert "https://example.org/kontrakt/drift/kabel" not in objects(store, "focusNode")


def test_a_run_of_waived_and_not_recorded_conforms_and_says_so() -> None:
    report = replace(CLEAN, findings=(WAIVED, UNRECORDED))
    assert objects(graph(report), "conforms") == ["true"]
    text = shacl(report, RULES, language=Language.EN)
    assert "Left out: accepted findings (1), registers not kept (1)." in text


def test_every_result_has_what_shacl_asks_of_it() -> None:
    """One focus node, severity and constraint component, and at most one value, path and shape."""
    for report in (RICH, EVIL):
        store = graph(report)
        results = [q.object for q in store.quads_for_pattern(None, NamedNode(SH + "result"), None)]
        assert results
        for result in results:
            assert isinstance(result, NamedNode)
            counted = {
                name: len(list(store.quads_for_pattern(result, NamedNode(SH + name), None)))
                for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "value", "resultMessage")
            }
            assert counted["focusNode"] == counted["resultSeverity"] == 1
            assert counted["sourceConstraintComponent"] == 1
            assert counted["value"] <= 1
            assert counted["resultMessage"] == 2


def test_terms() -> None:
    store = graph(replace(CLEAN, findings=(APPROVAL,)))
    assert objects(store, "value") == ["https://example.org/org/sky"]
    assert objects(store, "resultPath") == ["https://w3id.org/graphsc/ns#approval"]
    assert objects(store, "sourceShape") == ["https://w3id.org/graphsc/shape/SUB001"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://example.org/x", NamedNode("https://example.org/x")),
        ("urn:x:1", NamedNode("urn:x:1")),
        ("note: jævnligt", Literal("note: jævnligt")),
        ("https://example.org/a b", Literal("https://example.org/a b")),
        ("mailto", Literal("mailto")),
    ],
)
def test_a_value_is_an_iri_or_a_text(value: str, expected: NamedNode | Literal) -> None:
    store = graph(replace(CLEAN, findings=(replace(APPROVAL, value=value),)))
    assert [q.object for q in store.quads_for_pattern(None, NamedNode(SH + "value"), None)] == [expected]


def test_a_complex_path_and_a_bad_focus_do_no_harm() -> None:
    finding = replace(APPROVAL, result_path="^<https://example.org/p>", subject="not an iri")
    store = graph(replace(CLEAN, findings=(finding,)))
    assert objects(store, "resultPath") == []
    assert objects(store, "focusNode") == ["not an iri"]


def test_hostile_names_keep_their_value_and_do_nothing_on_a_screen() -> None:
    text = shacl(EVIL, RULES, language=Language.EN)
    assert not set(text) & {"\x1b", "\x9b", "\u202e", "\ud800", "\x00"}
    messages = objects(graph(EVIL), "resultMessage")
    for key, name in HOSTILE.items():
        if key != "illegal":  # a lone surrogate has no place in RDF
            assert f"{name} is not approved." in messages
