from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from graphsc.core.identifiers import absolute, cvr, digest, illegal_in_iri, lei, minted, source_graph
from graphsc.core.vocabulary import local_name


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10150817", "10150817"),
        ("DK 10 15 08 17", "10150817"),
        ("10150818", None),
        ("1015081", None),
        ("", None),
        ("æ", None),
    ],
)
def test_cvr(text: str, number: str | None) -> None:
    assert cvr(text) == number


@pytest.mark.parametrize(
    ("text", "code"), [("213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"), ("213800KUD8LAJWSQ9D16", None), ("", None)]
)
def test_lei(text: str, code: str | None) -> None:
    assert lei(text) == code


@pytest.mark.parametrize("text", ["a b", "a<b", 'a"b', "a\nb", "a\u202eb", "a%zzb", "a\u00a0b", "a\\b"])
def test_what_may_not_stand_in_an_iri(text: str) -> None:
    assert illegal_in_iri(text) is not None


@given(st.text(min_size=1, max_size=20))
def test_what_may_stand_in_an_iri_makes_one(text: str) -> None:
    if illegal_in_iri(text) is None:
        try:
            NamedNode("urn:graphsc:id:" + text)
        except ValueError:
            # Brackets are legal in some places of an IRI and not in this one; the reader reports them too.
            assert set(text) & set("[]#")


def test_ids_are_put_behind_the_base_unless_they_are_whole() -> None:
    assert absolute("org/a", "urn:b:") == "urn:b:org/a"
    assert absolute("https://x.org/a", "urn:b:") == "https://x.org/a"


def test_names() -> None:
    assert minted("urn:a", "https://w3id.org/graphsc/ns#under", "k") == "urn:a/under/k"
    assert source_graph("data/æ b.yaml") == "urn:graphsc:source:data/%C3%A6%20b.yaml"
    assert digest(["a", "bc"]) != digest(["ab", "c"])
    assert [local_name(iri) for iri in ("urn:x#b", "https://x/b", "urn:x:b", "urn:x/")] == ["b", "b", "b", "x/"]
