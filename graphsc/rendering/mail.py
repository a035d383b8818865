"""The to-do list as mail: a draft for each person, which a mail program opens to be read, changed and sent. Nothing is sent."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP

from graphsc.core.text import Language, Text
from graphsc.core.writing import file_names
from graphsc.duties import todo
from graphsc.duties.results import Duties
from graphsc.duties.words import Voice
from graphsc.rendering import duties

SUFFIX = ".eml"
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_WITHOUT = Text("uden person", "without a person")
_YOURS = Text("Leverandørkæden: det, der ligger hos dig, pr.", "The supply chain: what lies with you as of")
_NOBODYS = Text(
    "Leverandørkæden: det, som ingen person er registreret til, pr.",
    "The supply chain: what no person is recorded for as of",
)


def mails(shown: Duties, *, language: Language) -> dict[str, bytes]:
    """A draft (RFC 5322) for each person who has something to do, by file name, and one of what lies with no person.

    X-Unsent makes Outlook open it as a draft. It has a recipient only where an address is recorded, and never a date.
    """
    voice = Voice(shown.labels, language)
    everyone = {line.actor.person for agenda in todo.agendas(shown) for task in agenda.tasks for line in task.lines}
    everyone |= {finding.actor.person for finding in shown.findings}
    persons = sorted(everyone, key=lambda person: (person is None, person or ""))
    names = file_names((voice.name(person) or _WITHOUT[language] for person in persons), SUFFIX)
    drafts = zip(names, persons, strict=True)
    return {name: _draft(shown.of(person), person, language) for name, person in drafts}


def _draft(shown: Duties, person: str | None, language: Language) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    address = shown.addresses.get(person or "", "").removeprefix("mailto:")
    if _ADDRESS.fullmatch(address):
        message["To"] = address
    subject = _YOURS if person is not None else _NOBODYS
    message["Subject"] = f"{subject[language]} {shown.as_of}"
    message["Content-Language"] = str(language)
    message.set_content(duties.render(shown, "text", language=language), cte="quoted-printable")
    return message.as_bytes()
