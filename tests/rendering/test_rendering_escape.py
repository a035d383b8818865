"""Names from outside do nothing, in any format."""

from __future__ import annotations

import html
import json
import unicodedata

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core import escape

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fjord Hosting A/S", "Fjord Hosting A/S"),
        ("blåbærgrød 日本 🇩🇰", "blåbærgrød 日本 🇩🇰"),
        ("a\tb\r\n c\n", "a b c"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b2J", "\\x9b2J"),
        ("ab\u202egpj", "ab\\u202egpj"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("one\u2028two", "one two"),
        (" ::error::x", "\\x3a:error::x"),
        ("a ##[error]x ##vso[task]", "a #\\x23[error]x #\\x23vso[task]"),
    ],
)
def test_line(text: str, expected: str) -> None:
    assert escape.line(text) == expected


@given(ANY_TEXT)
def test_a_line_is_one_visible_line(text: str) -> None:
    shown = escape.line(text)
    assert len(shown.splitlines()) <= 1
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    assert escape.line(shown) == shown


def test_a_field_of_a_form_holds_every_character_and_shows_none_that_deceives() -> None:
    text = "  two  spaces\t\n\"'<&> \u202egpj\u200b\U000e0041 ##[x] " + "å" * 5000
    written = escape.html_field(text)
    assert html.unescape(written) == text
    assert not set(written) & set("\u202e\u200b\U000e0041<>\"'")


def test_shorten_keeps_both_ends_and_says_how_much_is_gone() -> None:
    text = "L" * 5000 + " is not approved."
    assert escape.shorten(text, 30) == "LLLLLLLLLLLLLLLLLLLL[… 4987 …] approved."
    assert escape.shorten("short", 30) == "short"


@given(ANY_TEXT)
def test_a_source_line_keeps_its_columns(text: str) -> None:
    assert len(escape.source(text)) == len(text)


@given(st.dictionaries(ANY_TEXT, ANY_TEXT))
def test_json_keeps_its_value(value: dict[str, str]) -> None:
    shown = escape.json(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(shown) == json.loads(json.dumps(value, ensure_ascii=False))
    shown.encode()
    assert "\u202e" not in shown
    assert "\x9b" not in shown


@given(st.text(max_size=60))
def test_turtle_keeps_its_graph(text: str) -> None:
    node = pyoxigraph.NamedNode("https://example.org/x")
    triple = pyoxigraph.Triple(node, node, pyoxigraph.Literal(text))
    turtle = pyoxigraph.serialize([triple], format=pyoxigraph.RdfFormat.TURTLE)
    assert turtle is not None
    shown = escape.turtle(turtle.decode())
    assert list(pyoxigraph.parse(shown, format=pyoxigraph.RdfFormat.TURTLE)) == [pyoxigraph.Quad(*triple)]
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fjord Hosting A/S", "Fjord Hosting A/S"),
        ("a | b", "a \\| b"),
        ("back\\", "back\\\\"),
        ("`code`", "\\`code\\`"),
        ("<script>", "&lt;script&gt;"),
        ("R&D &lt;", "R&amp;D &amp;lt;"),
        ("@octocat", "@&#8203;octocat"),
        ("#12", "\\#&#8203;12"),
        ("https://evil.example", "https:/&#8203;/evil.example"),
        ("www.evil.example", "www&#8203;.evil.example"),
        ("1. first", "1\\. first"),
        ("- item", "\\- item"),
        ("[a](b)", "\\[a\\](b)"),
        ("$x$", "\\$x\\$"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert escape.markdown(text) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("100%",), "100%25"),
        (("%0A::error::x",), "%250A::error::x"),
        (("a\nb", "c"), "a b%0Ac"),
    ],
)
def test_github_message(lines: tuple[str, ...], expected: str) -> None:
    assert escape.github_message(*lines) == expected


def test_github_property() -> None:
    assert escape.github_property("a,b:c%\n::d") == "a%2Cb%3Ac%25 %3A%3Ad"


def test_sarif_has_no_placeholder_and_no_link() -> None:
    assert escape.sarif("{0} [x](https://evil.example)") == "{{0}} [x] (https://evil.example)"


def test_html() -> None:
    assert escape.html("<a href='x' title=\"&\">") == "&lt;a href=&#39;x&#39; title=&quot;&amp;&quot;&gt;"


def test_uri_path() -> None:
    assert escape.uri_path("data/Krav & mål?#x.yaml") == "data/Krav%20&%20m%C3%A5l%3F%23x.yaml"
