"""The to-do list: what lies with each actor, what is done in one go, what ends soon, and where it is written; and drafts of mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path

import pytest
import vobject
from casework import case
from hostile import EVIL

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.duties import todo
from graphsc.duties.results import Duties
from graphsc.rendering.duties import calendar, render
from graphsc.rendering.mail import mails
from graphsc.service import open_paths
from graphsc.service.duties import duties

AS_OF = date(2025, 6, 15)
HEADERS = {"X-Unsent", "To", "Subject", "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
REGISTER = f"""
base: https://k.example/
organisationer: [{{id: K, navn: "{EVIL}"}}, {{id: L, navn: Løngang}}, {{id: U, navn: Ulvedal}}, {{id: V, navn: Vindø}}]
personer: [{{id: CON}}, {{id: P2}}, {{id: p2}}]
roller:
  - {{rolle: kontraktansvarlig, person: CON, hos: K, fra: 2024-01-01, gælder: KL}}
  - {{rolle: kontraktansvarlig, person: P2, hos: K, fra: 2024-01-01, gælder: KM}}
  - {{rolle: kontraktansvarlig, person: p2, hos: K, fra: 2024-01-01, gælder: KN}}
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    periode: 2024-04-01/2028-03-31
    registre: [underleverandører]
    underleverandører:
      - {{id: LU, leverandør: U, start: 2024-06-01}}
      - {{id: LV, leverandør: V, start: 2024-06-01}}
  - {{id: KM, kunde: K, leverandør: L, periode: 2024-04-01/2028-03-31, registre: [tilsyn]}}
  - {{id: KN, kunde: K, leverandør: L, periode: 2024-04-01/2028-03-31, registre: [tilsyn]}}
svar:
  - {{id: S, udsagn: [S-5.5-09], vedrører: KM, opfyldt: ja, står i: sag 1, svaret af: p2, dato: 2025-03-01, udløber: 2025-07-01}}
"""


@cache
def shown() -> Duties:
    return duties(case(REGISTER, AS_OF).opened)


def lines() -> list[todo.Line]:
    return [line for agenda in todo.agendas(shown()) for task in agenda.tasks for line in task.lines]


def test_one_deed_about_two_things_is_done_in_one_go_with_the_place_of_each() -> None:
    (task,) = (task for agenda in todo.agendas(shown()) for task in agenda.tasks if task.rule == "SUB001")
    assert [(line.location.line, line.location.column) for line in task.lines if line.location] == [(16, 9), (17, 9)]
    text = render(shown(), "text", language=Language.DA)
    deed = shown().rules["SUB001"].remedy.da
    assert text.count(deed) == 1
    assert all(text.count(str(line.location)) == 1 for line in task.lines)


def test_every_line_lies_with_one_actor_and_none_is_lost() -> None:
    asked = [finding for finding in shown().findings if finding.severity == "question"]
    pressing = [duty for duty in shown().duties if duty.state in {"overdue", "open", "waived"}]
    assert len(lines()) == len(pressing) + len(shown().findings) - len(asked) + len(shown().ending)


def test_what_an_answer_closes_is_on_the_list_again_before_that_ends() -> None:
    (ending,) = (line for line in lines() if line.ends)
    assert (ending.due, ending.actor.person) == (date(2025, 7, 1), "https://k.example/P2")
    assert ending.location is not None
    assert ending.location.line == 21
    long_before = replace(shown().asked, until=date(2025, 6, 30))
    assert not duties(case(REGISTER, AS_OF).opened, long_before).ending
    (event,) = (
        event
        for event in vobject.readOne(calendar(shown(), language=Language.DA)).vevent_list
        if event.summary.value.startswith("Oplyst spørgsmål, til og med 2025-07-01")
    )
    assert event.dtstart.value == date(2025, 7, 1)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_page_has_the_same_list(form: str) -> None:
    page = render(shown(), form, language=Language.EN)
    for agenda in todo.agendas(shown()):
        for task in agenda.tasks:
            assert task.rule in page
            for line in task.lines:
                assert f":{line.location.line}:{line.location.column}" in page if line.location else True


# ---------------------------------------------------------------------- mail


@cache
def drafts(language: Language) -> dict[str, EmailMessage]:
    return {
        name: message_from_bytes(written, policy=default) for name, written in mails(shown(), language=language).items()
    }


@pytest.mark.parametrize("language", list(Language))
def test_each_person_has_a_draft_with_what_lies_with_them_alone(language: Language) -> None:
    written = drafts(language)
    without = "uden person.eml" if language is Language.DA else "without a person.eml"
    assert list(written) == ["_CON.eml", "P2.eml", "p2 (2).eml", without]
    for name, message in written.items():
        assert (message["X-Unsent"], message["Date"], message["From"]) == ("1", None, None)
        assert str(AS_OF) in message["Subject"]
        assert not message.defects
        text = message.get_content()
        assert ("SUB001" in text) == (name == "_CON.eml")
    rules = {task.rule for agenda in todo.agendas(shown()) for task in agenda.tasks}
    assert all(any(rule in message.get_content() for message in written.values()) for rule in rules)


def test_a_draft_goes_to_the_recorded_address_only_and_a_name_adds_no_header() -> None:
    first, second = ("https://k.example/P2", "https://k.example/p2")
    recorded = replace(shown(), addresses={first: "mailto:p2@k.example", second: "x@k.example\r\nBcc: all@k.example"})
    written = {
        name: message_from_bytes(mail, policy=default) for name, mail in mails(recorded, language=Language.DA).items()
    }
    assert written["P2.eml"]["To"] == "p2@k.example"
    assert [written["p2 (2).eml"][name] for name in ("To", "Bcc")] == [None, None]
    assert all(set(mail.keys()) <= HEADERS for mail in written.values())


def test_an_address_is_read_in_the_words_of_a_vocabulary_that_has_one(tmp_path: Path) -> None:
    file = tmp_path / "k.ttl"
    file.write_text(
        "<https://k.example/p1> a <https://w3id.org/graphsc/ns#Person> ;"
        " <http://xmlns.com/foaf/0.1/mbox> <mailto:p1@k.example> .",
        encoding="utf-8",
    )
    opened = open_paths([file], Settings(as_of=AS_OF))
    assert duties(opened).addresses == {"https://k.example/p1": "mailto:p1@k.example"}
