"""Waivers: findings that the management accepts for a reason and until a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.validation.findings import Acceptance, Actor, Finding
from graphsc.validation.result_messages import fill
from graphsc.validation.rules import Rule

UNUSED = "WVR001"
INVALID = "WVR002"

_NO_REASON = Text("der står ingen begrundelse", "it gives no reason")
_NO_EXPIRY = Text("der står ingen udløbsdato", "it has no expiry date")
_NO_APPROVER = Text("der står ikke, hvem der har accepteret fundet", "it does not say who accepted the finding")
_NOT_MANAGEMENT = Text(
    "den, der har accepteret fundet, har ikke ledelsens rolle på kundens side",
    "whoever accepted the finding does not hold the role of management on the customer's side",
)


@dataclass(frozen=True, slots=True)
class Waiver:
    """The acceptance of findings of one rule on one subject.

    ``iri``, ``subject`` and ``approver`` are IRIs; ``value`` narrows it to findings that name that value
    (None: any value). ``approver_is_management``: the approver holds the management role on the customer's side.
    A reason, approver or last day that the source does not give is None, and makes the waiver invalid.
    """

    iri: str
    code: str
    subject: str
    value: str | None
    reason: str | None
    approver: str | None
    until: date | None
    location: Location | None
    approver_is_management: bool

    @property
    def faults(self) -> tuple[Text, ...]:
        """Why it cannot be applied; empty for a valid waiver."""
        faults = []
        if self.reason is None or not self.reason.strip():
            faults.append(_NO_REASON)
        if self.until is None:
            faults.append(_NO_EXPIRY)
        if self.approver is None:
            faults.append(_NO_APPROVER)
        elif not self.approver_is_management:
            faults.append(_NOT_MANAGEMENT)
        return tuple(faults)

    def in_force(self, as_of: date) -> bool:
        """Whether it is valid and its last day has not passed."""
        return not self.faults and self.until is not None and as_of <= self.until

    def covers(self, finding: Finding) -> bool:
        """Whether the waiver applies to the finding."""
        same = self.code == finding.code and self.subject == finding.subject
        return same and (self.value is None or self.value == finding.value)

    @property
    def acceptance(self) -> Acceptance:
        """The waiver as it is noted on a finding."""
        return Acceptance(self.iri, self.reason or "", self.approver, self.until)


def apply(
    findings: Iterable[Finding],
    waivers: Iterable[Waiver],
    as_of: date,
    *,
    rules: Mapping[str, Rule],
    labels: Mapping[str, Text] | None = None,
) -> tuple[Finding, ...]:
    """Mark the findings that a waiver accepts, or accepted until it expired, and add findings about the waivers.

    A valid waiver is in force through its last day. Where several cover a finding, the one that lasts
    longest counts. Added at the end, by the rules that ``rules`` holds: ``WVR001`` for a valid waiver
    that no finding matches, ``WVR002`` for one that is not applied because something is missing. Their
    messages may use ``{?waiver}``, ``{?code}``, ``{?subject}``, ``{?value}``, ``{?why}``, ``{?until}``
    and ``{?approver}``; ``labels`` names the IRIs among them. No waiver hides a finding about waivers.
    """
    ordered = sorted(set(waivers), key=_order)
    by_place: dict[tuple[str, str], list[Waiver]] = {}
    for waiver in ordered:
        if not waiver.faults:
            by_place.setdefault((waiver.code, waiver.subject), []).append(waiver)
    used: set[Waiver] = set()
    judged = []
    for finding in findings:
        covering = [w for w in by_place.get((finding.code, finding.subject), ()) if w.covers(finding)]
        used.update(covering)
        judged.append(_judge(finding, covering, as_of))
    about = (_about(waiver, waiver in used, rules, labels or {}) for waiver in ordered)
    return (*judged, *(finding for finding in about if finding is not None))


def _order(waiver: Waiver) -> tuple[str, ...]:
    parts = (waiver.iri, waiver.code, waiver.subject, waiver.value, waiver.until, waiver.reason, waiver.approver)
    return tuple(str(value or "") for value in parts)


def _judge(finding: Finding, covering: list[Waiver], as_of: date) -> Finding:
    if not covering:
        return finding
    longest = max(covering, key=lambda w: (w.until or date.min, w.iri))
    if longest.in_force(as_of):
        return replace(finding, waived=longest.acceptance, expired=None)
    return replace(finding, expired=longest.acceptance)


def _about(waiver: Waiver, used: bool, rules: Mapping[str, Rule], labels: Mapping[str, Text]) -> Finding | None:
    """The finding about a waiver itself, if something is wrong with it and there is a rule for that."""
    if used and not waiver.faults:
        return None
    rule = rules.get(INVALID if waiver.faults else UNUSED)
    if rule is None:
        return None

    def name(iri: str | None) -> Text:
        return labels.get(iri, Text.same(iri)) if iri else Text.same("-")

    values = {
        "waiver": name(waiver.iri),
        "code": Text.same(waiver.code),
        "subject": name(waiver.subject),
        "value": name(waiver.value),
        "why": _list(waiver.faults),
        "until": Text.same(waiver.until.isoformat() if waiver.until else "-"),
        "approver": name(waiver.approver),
    }
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=fill(rule.message, values),
        remedy=fill(rule.remedy, values),
        subject=waiver.iri,
        location=waiver.location,
        statements=rule.statements,
        references=tuple(reference.iri for reference in rule.references),
        actor=Actor(role=rule.role, person=waiver.approver),
    )


def _list(texts: tuple[Text, ...]) -> Text:
    """Several reasons as one phrase: commas, and a word before the last."""
    if len(texts) < 2:
        return texts[0] if texts else Text("", "")
    most, last = Text.joined(Text.same(", "), texts[:-1]), texts[-1]
    return Text(f"{most.da}, og {last.da}", f"{most.en}, and {last.en}")
