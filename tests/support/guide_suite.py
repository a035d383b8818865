"""The test suite of the guide: situations with what a faithful tool says of them, and what graphsc says.

The suite is data (``tests/guide/*.yaml``, described by ``tests/guide/schema.json``): for each statement of the guide situations
in plain words, what must be said, to whom, and what must not be claimed. For graphsc each situation has a ``register`` beside
it, the same facts as a user would write them, and in ``heard`` and ``never`` what is looked for in its findings.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import rdflib
import yaml
from rdflib.namespace import SKOS
from repository import REPOSITORY

from graphsc import service
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import ROOT, G
from graphsc.service import Opened, open_paths
from graphsc.validation import Finding, Report, Rule

FOLDER = REPOSITORY / "tests" / "guide"
AS_OF = date(2026, 11, 1)
"""The day on which every situation is judged."""
_AT_ONCE = 500
"""For how many findings records nearby are looked up at once: graphsc shows them for no more."""


def _registers(said_of: str) -> list[str]:
    """The English names of the registers that an agreement or an organisation can keep."""
    graph = rdflib.Graph().parse(REPOSITORY / "ontology" / "schemes.ttl")
    found = graph.subjects(rdflib.URIRef(G + "saidOf"), rdflib.URIRef(G + said_of))
    kept = [item for item in found if (item, rdflib.URIRef(G + "keptBy"), None) in graph]
    names = (name for item in kept for name in graph.objects(item, SKOS.prefLabel))
    return sorted(str(name) for name in names if isinstance(name, rdflib.Literal) and name.language == "en")


REGISTERS = _registers("Agreement")
REGISTERS_OF_CUSTOMERS = _registers("Organisation")


@dataclass(frozen=True)
class Situation:
    """One situation of a statement, its register, and what is expected of it."""

    name: str  #: Statement and number, from 1: S-5.3-07.2.
    statements: tuple[str, ...]  #: The statement, and another that asks the same.
    expect: Literal["silent", "told", "open"]
    of: Literal["finding", "duty", "answer"]
    files: tuple[
        Any, ...
    ]  #: The files of the register, as YAML reads them; empty where the model cannot say the facts.
    heard: dict[str, Any] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    disputed: str | None = None

    @property
    def base(self) -> str:
        """The namespace of the register's own things; each situation has one, so that all can be judged in one graph."""
        return f"https://{self.name.lower()}.example/"


@dataclass
class Said:
    """What graphsc says of one situation."""

    problems: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read() -> list[Situation]:
    """All situations, by statement."""
    return [situation for path in sorted(FOLDER.glob("*.yaml")) for situation in read_file(path)]


def read_file(path: Path) -> Iterator[Situation]:
    """The situations of one statement."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    statements = tuple(filter(None, (document["statement"], document.get("same"))))
    for number, written in enumerate(document["situations"], 1):
        register = written.get("register", [])
        yield Situation(
            f"{document['statement']}.{number}",
            statements,
            written["expect"],
            written["as"],
            tuple(register if isinstance(register, list) else [register]),
            written.get("heard", {}),
            tuple(written.get("never", ())),
            written.get("disputed"),
        )


def known() -> set[str]:
    """The situations of which graphsc is known not to say what is expected."""
    return set((FOLDER / "not-right.txt").read_text(encoding="utf-8").split())


def open_together(situations: Sequence[Situation], folder: Path) -> Opened:
    """The registers of situations as one graph."""
    for situation in situations:
        for number, content in enumerate(situation.files, 1):
            text = yaml.dump(
                {"base": situation.base, **_kept(content)}, Dumper=_Written, allow_unicode=True, sort_keys=False
            )
            (folder / f"{situation.name}_{number}.yaml").write_text(text, encoding="utf-8")
    return open_paths([folder], Settings(as_of=AS_OF))


def listen(
    situations: Sequence[Situation], opened: Opened, report: Report, rules: Mapping[str, Rule]
) -> dict[str, Said]:
    """What graphsc says of situations that were opened and judged as one graph, by name."""
    said = {situation.name: Said() for situation in situations}
    for problem in opened.unread:
        if problem.location is not None:
            said[Path(problem.location.file).stem.rpartition("_")[0]].problems.append(problem.message.en)
    bases = {situation.base: situation.name for situation in situations}
    named = {situation.name: situation for situation in situations}
    asked: list[tuple[str, Finding]] = []
    for finding in report.findings:
        for name in _concerned(bases, finding.subject, *finding.path, *finding.parties, finding.focus):
            if finding.group is None and named[name].expect != "silent" and _is_about(named[name], finding):
                asked.append((name, finding))
            else:
                said[name].findings.append(finding)
    for at in range(0, len(asked), _AT_ONCE):
        part = asked[at : at + _AT_ONCE]
        nearby = service.near_misses(opened, replace(report, findings=tuple(finding for _, finding in part)), rules)
        for (name, _), finding in zip(part, nearby.findings, strict=True):
            said[name].findings.append(finding)
    return said


class _Written(yaml.SafeDumper):
    """Writes what stands twice twice: a user's file has no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _kept(content: dict[str, Any]) -> dict[str, Any]:
    """A file of a register that is kept in full: agreements and their customers that name no registers keep them all."""
    agreements = [{"registers": REGISTERS, **agreement} for agreement in content.get("contracts", ())]
    customers = {agreement["customer"] for agreement in agreements if "customer" in agreement}
    organisations = [
        {"registers": REGISTERS_OF_CUSTOMERS, **item} if item.get("id") in customers else item
        for item in content.get("organisations", ())
    ]
    changed = {"contracts": agreements, "organisations": organisations}
    return {key: changed.get(key, value) for key, value in content.items()}


def _concerned(bases: dict[str, str], *things: str) -> set[str]:
    """The situations whose things are among some IRIs."""
    found = (re.match(r"https://[^/]+/", thing) for thing in things)
    return {bases[match[0]] for match in found if match and match[0] in bases}


def wrong(situation: Situation, said: Said) -> str | None:
    """Why what graphsc says of a situation is not what is expected; None where it is."""
    if situation.disputed is not None:
        return None
    if not situation.files:
        return "cannot be said"
    if said.problems:
        return f"cannot be read: {said.problems[0]}"
    findings = [finding for finding in said.findings if finding.group is None and not finding.stated]
    for pattern in situation.never:
        for finding in findings:
            if _matches(pattern, finding.message.en):
                return f"claims: {finding.code} {finding.message.en}"
    about = [finding for finding in findings if set(situation.statements) & set(finding.statements)]
    if situation.expect == "silent":
        return f"told: {about[0].code} {about[0].message.en}" if about else None
    heard = [finding for finding in findings if _is_heard(situation, finding)]
    if heard:
        return None
    if situation.of == "answer":
        return "not asked"
    return (
        f"other words or party: {about[0].code} {about[0].message.en} ({_addressee(about[0])})" if about else "silent"
    )


def _is_heard(situation: Situation, finding: Finding) -> bool:
    """Whether a finding says what is expected, to whom it is expected."""
    heard = situation.heard
    if not _is_about(situation, finding):
        return False
    said = "\n".join((finding.message.en, *(miss.text.en for miss in finding.near_misses), finding.remedy.en))
    who = {key: _absolute(situation, value) for key, value in heard.get("who", {}).items()}
    return all(_matches(pattern, said) for pattern in heard.get("words", ())) and all(
        getattr(finding.actor, key) in (value if isinstance(value, list) else [value]) for key, value in who.items()
    )


def _is_about(situation: Situation, finding: Finding) -> bool:
    """Whether a finding speaks of a situation's statement, or is of a rule that is named as one that may."""
    return bool(set(situation.statements) & set(finding.statements)) or finding.code in situation.heard.get("codes", ())


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text, in capitals or not."""
    return re.search(pattern.replace("(?i)", ""), text, re.IGNORECASE) is not None


def _absolute(situation: Situation, value: Any) -> Any:
    if isinstance(value, list):
        return [_absolute(situation, item) for item in value]
    return ROOT + value if value.startswith("role/") else situation.base + value


def _addressee(finding: Finding) -> str:
    return " ".join(
        re.sub(r"https://[^/]+/(graphsc/)?", "", iri) for iri in (finding.actor.organisation, finding.actor.role) if iri
    )


def table(situations: Sequence[Situation], said: dict[str, Said]) -> str:
    """Name, expectation and fault of every situation that is not right, as lines."""
    rows = ((situation, wrong(situation, said[situation.name])) for situation in situations)
    return "\n".join(f"{situation.name}\t{situation.expect}\t{why}" for situation, why in rows if why)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    chosen = [
        situation for situation in read() if not sys.argv[1:] or situation.name.rpartition(".")[0] in sys.argv[1:]
    ]
    with TemporaryDirectory() as temporary:
        in_one = open_together(chosen, Path(temporary))
        heard_of = listen(chosen, in_one, *service.validate(in_one))
    sys.stdout.write(f"{table(chosen, heard_of)}\n")
    right = sum(wrong(situation, heard_of[situation.name]) is None for situation in chosen)
    sys.stdout.write(f"{right} of {len(chosen)} situations are right\n")
