"""The report for auditors and managers: one page of HTML without scripts, network or other files."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from graphsc.core import escape
from graphsc.core.text import Language, Text, short_day, written_day
from graphsc.drawing.svg import STYLE
from graphsc.graph.labels import distance
from graphsc.rendering.report import words
from graphsc.rendering.templates import environment
from graphsc.service.report.content import Contents, Group, Item, anchored
from graphsc.validation import wording
from graphsc.validation.findings import SEVERITIES, Severity

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST = 800
_NAME = 200
_HEAD = 90
_TEMPLATES = ("page", "brief", "head", "foot", "method", "findings", "rules", "chains", "measures", "sign", "parts")
GRAVEST = 5
DECISIONS = 6
_FINDINGS = (Text("fund", "finding"), Text("fund", "findings"))
_OTHERS = (Text("andet fund", "other finding"), Text("andre fund", "other findings"))


def render(contents: Contents, *, language: Language, opened: bool = False) -> str:
    """The report as a page of HTML, in one language; with ``opened`` all details are open.

    Byte for byte the same for the same contents. Needs Jinja, which comes with graphsc[report].
    """
    return _rendered("page.html", "report", contents, language, opened=opened)


def render_brief(contents: Contents, *, language: Language) -> str:
    """Two pages for decision makers: decisions, who must act by when, the gravest findings, and changes."""
    return _rendered(
        "brief.html", "brief", contents, language, decisions=decisions(contents), gravest=gravest(contents)
    )


def _rendered(template: str, name: str, contents: Contents, language: Language, **values: Any) -> str:
    templates = _environment(language)
    style = _style(contents, language, name)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = templates.get_template(template).render(
        contents=contents,
        language=language,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        **values,
    )
    return page.rstrip("\n") + "\n"


def _environment(language: Language) -> Environment:
    import jinja2
    from markupsafe import Markup

    folder = files(__name__)
    loader = jinja2.DictLoader(
        {f"{name}.html": folder.joinpath(f"{name}.html").read_text(encoding="utf-8") for name in _TEMPLATES}
    )
    templates = environment(loader, language, longest=_LONGEST, name=_NAME, days=True)

    def drawing(markup: Any) -> Markup:
        """A drawing of this package, whose texts are escaped already."""
        return Markup(markup[str(language)])  # noqa: S704

    templates.globals.update(
        w=words.WORDS,
        words=words,
        wording=wording,
        anchored=anchored,
        distance=distance,
        severities=list(wording.SEVERITY),
    )
    templates.filters.update(
        drawing=drawing,
        day=lambda day: written_day(day)[language],
        short_day=lambda day: short_day(day)[language],
    )
    return templates


def _style(contents: Contents, language: Language, name: str) -> str:
    """The style sheet, with the page headers of this report."""
    cover = contents.cover
    sheet = files(__name__).joinpath("report.css").read_text(encoding="utf-8")
    whose = cover.party or cover.authority
    head, marked = f"{words.WORDS[name][language]} – {whose[language]}", bool(cover.classification)
    values = {
        "head": "" if marked else head,  # the classification needs the room
        "foot": head if marked else "",
        "day": f"{words.WORDS['as_of'][language]} {written_day(cover.as_of)[language]}",
        "mark": cover.classification or "",
        "page": words.WORDS["page"][language],
        "of": words.WORDS["of"][language],
    }
    for name, value in values.items():
        sheet = sheet.replace(f'"{{{name}}}"', _css(escape.brief(value, _HEAD)) if value else "none")
    return f"{sheet}{STYLE}\n"


def _css(text: str) -> str:
    """A text as a string of CSS, which cannot end the string or the style."""
    return '"' + "".join(item if item.isalnum() and item.isascii() else f"\\{ord(item):x} " for item in text) + '"'


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what, who must act, and by when (None where no deadline is recorded)."""

    what: Text
    who: Text
    due: date | None


def decisions(contents: Contents) -> tuple[Decision, ...]:
    """The decisions, the most pressing first: what each actor must mend, and waivers that have expired."""
    expired = tuple(_lapsed(contents))
    most = DECISIONS - min(2, len(expired))
    return (*(_mend(group) for group in contents.groups[:most]), *expired[:2])


def _mend(group: Group) -> Decision:
    breaches = group.count(Severity.BREACH)
    others = len(group.items) - breaches
    counts = ((breaches, SEVERITIES[Severity.BREACH]), (others, _OTHERS if breaches else _FINDINGS))
    parts = [Text.counted(number, *words) for number, words in counts if number]
    counted = Text.joined(Text(" og ", " and "), parts)
    return Decision(Text(f"Ret {counted.da}", f"Mend {counted.en}"), group.who, group.next_due)


def _lapsed(contents: Contents) -> Iterator[Decision]:
    for item in contents.expired:
        ended = item.finding.expired.until if item.finding.expired else None
        yield Decision(
            Text(
                f"Ret, eller accepter på ny: {item.finding.message.da}",
                f"Mend, or accept anew: {item.finding.message.en}",
            ),
            item.who,
            ended,
        )


def gravest(contents: Contents) -> tuple[Item, ...]:
    """The gravest findings, of different rules as far as possible.

    The order is by gravity, then by number of consequences, then by days overdue.
    """
    everything = sorted((item for group in contents.groups for item in group.items), key=_weight)
    first = {item.finding.code: item for item in reversed(everything)}
    distinct = sorted(first.values(), key=_weight)
    rest = [item for item in everything if first[item.finding.code] is not item]
    return tuple([*distinct, *rest][:GRAVEST])


def _weight(item: Item) -> tuple[object, ...]:
    finding = item.finding
    return (finding.gravity, -len(finding.consequences), item.due or date.max, finding.order)
