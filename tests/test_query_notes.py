"""What a question is told beside its answer: made-up terms, prefixes that are not declared, registers that nobody keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsc.core.settings import Settings
from graphsc.graph.questions import QuestionError, shipped
from graphsc.service import open_paths
from graphsc.service.query_notes import names, need_prefixes, notes, unknown
from graphsc.sources.terms import load

G = "PREFIX g: <https://w3id.org/graphsc/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
DATA = "organisationer: [{id: o/1, registre: [kortlægning]}]\n"


def told(folder: Path, query: str) -> list[str]:
    (folder / "a.yaml").write_text(DATA, encoding="utf-8")
    return [note.en for note in notes(open_paths([folder / "a.yaml"], Settings()), query)]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("?a g:suplier ?b", ["g:suplier is neither a property nor a class, so it gives no rows. Did you mean “g:supplier”?"]),
        ("?a g:leverandør ?b", ["g:leverandør is neither a property nor a class, so it gives no rows. Did you mean “g:supplier”?"]),
        ("?a a g:Agrement", ["g:Agrement is neither a property nor a class, so it gives no rows. Did you mean “g:Agreement”?"]),
        ("?a g:role <https://w3id.org/graphsc/role/legl>", ["There is no concept role:legl. Did you mean “legal”?"]),
        ("?a skos:foo ?b ; <urn:x:foo> ?c ; g:tier ?d", []),
        ("?a g:keepsRegister <https://w3id.org/graphsc/register/mapping>", []),
        (
            "?a g:unkept <https://w3id.org/graphsc/register/exit>",
            ["The register of exit is not kept, so the answer says nothing of what is missing."],
        ),
    ],
)  # fmt: skip
def test_what_a_question_is_told_beside_its_answer(tmp_path: Path, pattern: str, says: list[str]) -> None:
    assert told(tmp_path, f"{G}SELECT * WHERE {{ {pattern} }}") == says


def test_a_prefix_that_is_not_declared_is_told_with_the_line_that_declares_it() -> None:
    with pytest.raises(QuestionError) as caught:
        need_prefixes(f"{G}SELECT * WHERE {{ ?a g:role role:legal }}")
    assert "write PREFIX role: <https://w3id.org/graphsc/role/> at the top" in caught.value.reason.en


def test_the_shipped_questions_name_only_what_is_there() -> None:
    terms = load()
    for question in shipped().values():
        need_prefixes(question.text)
        assert list(unknown(list(names(question.text)), terms)) == [], question.name
