"""The machine-readable appendix of a report: its rules, queries and triples as files, to check the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphsc.core import escape
from graphsc.coverage.statements import Statement
from graphsc.rendering.contract import written
from graphsc.service.report.content import Contents, Item, RuleState, anchored


def files(contents: Contents) -> dict[str, str]:
    """The files by name, with ``/`` between folders.

    ``report.json`` has the inputs and the command to make the report again, ``rules.json`` the outcome of every rule,
    ``queries/`` the query of each, ``findings.json`` the evidence of every finding, ``triples/`` the triples
    beneath it as Turtle, and ``SHA256SUMS`` the digests of the input in the format of ``sha256sum -c``.
    """
    items = [item for group in contents.groups for item in group.items]
    everything = [*items, *contents.accepted]
    contents_by_name = {
        "report.json": written(_cover(contents)),
        "rules.json": written([_rule(state) for state in contents.rules.all]),
        "findings.json": written([_finding(item) for item in everything]),
    }
    for state in contents.rules.all:
        if state.query:
            contents_by_name[f"queries/{anchored(state.rule.code)}.rq"] = _query(contents.rules.prefixes, state)
    for item in everything:
        if item.triples:
            contents_by_name[f"triples/{item.finding.fingerprint}.ttl"] = _turtle(item.triples)
    if contents.cover.party is None:
        contents_by_name["SHA256SUMS"] = "".join(
            f"{source.sha256}  {escape.line(source.file)}\n" for source in contents.cover.inputs if source.sha256
        )
    return contents_by_name


def _cover(contents: Contents) -> dict[str, Any]:
    cover = contents.cover
    return {
        "authority": cover.authority,
        "party": cover.party,
        "asOf": cover.as_of.isoformat(),
        "guide": cover.guide,
        "graphsc": cover.tool,
        "ontology": cover.ontology,
        "shapes": cover.shapes,
        "inputs": cover.digest,
        "command": cover.command,
        "commits": [{"commit": commit, "changed": changed} for commit, changed in cover.commits],
    }


def _rule(state: RuleState) -> dict[str, Any]:
    rule, outcome = state.rule, state.outcome
    return {
        "code": rule.code,
        "severity": rule.severity.value,
        "title": rule.title,
        "remedy": rule.remedy,
        "statements": [_statement(name, statement) for name, statement in state.statements],
        "judged": None
        if outcome is None
        else {"focus": outcome.focus, "failed": outcome.failed, "engine": outcome.engine},
        "notChecked": state.reason,
        "query": f"queries/{anchored(rule.code)}.rq" if state.query else None,
    }


def _statement(name: str, statement: Statement | None) -> dict[str, Any]:
    if statement is None:
        return {"id": name}
    more = (("looksAt", statement.looks_at), ("doesNotSee", statement.does_not_see))
    return {"id": name, "text": statement.text, **{key: text for key, text in more if text is not None}}


def _finding(item: Item) -> dict[str, Any]:
    finding = item.finding
    return {
        "id": finding.fingerprint,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "accepted": finding.waived is not None,
        "place": None if finding.location is None else str(finding.location),
        "due": None if item.due is None else item.due.isoformat(),
        "evidence": [
            {"text": fact.text, "kind": fact.kind, "place": None if fact.location is None else str(fact.location)}
            for fact in item.facts
        ],
        "triples": f"triples/{finding.fingerprint}.ttl" if item.triples else None,
    }


def _query(prefixes: str, state: RuleState) -> str:
    return (
        f"# {escape.line(state.rule.code)}: {escape.line(state.rule.title.en)}\n{prefixes}\n\n{state.query.strip()}\n"
    )


def _turtle(triples: Iterable[str]) -> str:
    return "PREFIX g: <https://w3id.org/graphsc/ns#>\n\n" + "".join(f"{triple}\n" for triple in triples)
