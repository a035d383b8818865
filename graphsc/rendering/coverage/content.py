"""The coverage in sections: the states of the recommendations, or the treatment of each statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphsc.core.document import Columns, Section, Table, table
from graphsc.core.text import Text
from graphsc.coverage import words
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Recommendation, Statement
from graphsc.coverage.status import Cell, Coverage, State, newest
from graphsc.duties.words import NO_RECORD, WHOSE, partial

_NUMBER = Text("Nr.", "No.")
_RECOMMENDATION, _AGREEMENTS = Text("Anbefaling", "Recommendation"), Text("Opfyldt for aftaler", "Met for agreements")
_IN_ORDER, _RULES = Text("I orden", "In order"), Text("Brudte regler", "Rules broken")
_WHERE = Text("Aftale eller organisation", "Agreement or organisation")
_STATEMENTS = Text("Udsagn med en regel", "Statements with a rule")
_BRIEF = 56
_SOME = 3
_DASH = Text("–", "–")
_OPEN = (State.NOT_MET, State.NOT_RECORDED, State.WAIVED)


def of_recommendations(shown: Coverage, *, brief: bool) -> list[Section]:
    """The states of the recommendations; unless ``brief``, also a matrix of agreements and recommendations."""
    return [
        in_short(shown, brief=brief),
        _overview(shown, brief=brief),
        _evidence(shown, brief=brief),
        *(_in_state(shown, state) for state in _OPEN),
        *_unchecked_and_inapplicable(shown),
        *([_matrix(shown)] if not brief and shown.agreements else []),
    ]


def in_short(shown: Coverage, *, brief: bool = False) -> Section:
    """How many recommendations are met, how many checks are in order, and how the statements are treated."""
    total = len(shown.recommendations)
    states = [{cell.state for cell in shown.of(recommendation.id)} for recommendation in shown.recommendations]
    clear = sum(found - {State.NOT_APPLICABLE} == {State.MET} for found in states)
    broken = sum(State.NOT_MET in found for found in states)
    rest = total - clear - broken
    neither = Text(
        f"; {rest} er hverken det ene eller det andet: accepteret, ikke registreret, ikke kontrolleret eller ingen steder relevant",
        f"; {rest} {'is' if rest == 1 else 'are'} neither: accepted, not recorded, not checked or relevant nowhere",
    )
    in_order = _in_order(shown.cells)
    points = (
        Text(
            f"{clear} af {total} anbefalinger er opfyldt overalt, hvor de er relevante; {broken} er et eller flere steder ikke opfyldt{neither.da if rest else ''}.",
            f"{clear} of {total} recommendations {'is' if clear == 1 else 'are'} met wherever relevant; {broken} {'is' if broken == 1 else 'are'} not met in one place or more{neither.en if rest else ''}.",
        ),
        Text(
            f"{in_order.da} kontroller er i orden (en regel, der tjener flere anbefalinger, tæller ved hver).",
            f"{in_order.en} checks are in order (a rule that serves several recommendations counts for each).",
        ),
        _treated(shown, brief=brief),
    )
    unread = len(shown.problems)
    sentences = (Text.per_language(lambda language: partial(unread, language)),) if unread else ()
    return Section(Text("Kort fortalt", "In short"), (*sentences, words.MEANING), points=points)


def _in_order(cells: Sequence[Cell]) -> Text:
    """How many of the checks of some cells are in order."""
    return words.of(sum(cell.numerator for cell in cells), sum(cell.denominator for cell in cells))


def _treated(shown: Coverage, *, brief: bool) -> Text:
    """How many statements are treated in which way; in a terminal also how to see them."""
    counts: dict[str, int] = defaultdict(int)
    for statement in shown.statements.values():
        counts[statement.treatment or ""] += 1
    parts = [(name, counts[kind]) for kind, name in shown.treatments.items() if counts[kind]]
    danish = ", ".join(f"{name.da} {number}" for name, number in parts)
    english = ", ".join(f"{name.en} {number}" for name, number in parts)
    many = len(shown.statements)
    missing = counts[""]
    see = (" Se dem med --statements.", " See them with --statements.") if brief else ("", "")
    return Text(
        f"Vejledningens {many} udsagn er behandlet sådan: {danish}"
        + (f"; {missing} mangler." if missing else f".{see[0]}"),
        f"The guide's {many} statements are treated so: {english}"
        + (f"; {missing} {'is' if missing == 1 else 'are'} missing." if missing else f".{see[1]}"),
    )


def _overview(shown: Coverage, *, brief: bool) -> Section:
    def met(recommendation: Recommendation) -> Text:
        cells = shown.of(recommendation.id)
        applicable = sum(1 for cell in cells if cell.agreement and cell.state is not State.NOT_APPLICABLE)
        return words.of(shown.count(recommendation.id, State.MET), applicable) if applicable else _DASH

    def in_order(recommendation: Recommendation) -> Text:
        cells = shown.of(recommendation.id)
        if any(cell.denominator for cell in cells):
            return _in_order(cells)
        unchecked = any(cell.state is State.NOT_CHECKED for cell in cells)
        return words.STATE[State.NOT_CHECKED if unchecked else State.NOT_APPLICABLE]

    columns: Columns[Recommendation] = {
        _NUMBER: lambda recommendation: Text.same(recommendation.id),
        _RECOMMENDATION: lambda recommendation: _beginning(recommendation.text) if brief else recommendation.text,
        _AGREEMENTS: met,
        _IN_ORDER: in_order,
        _STATEMENTS: lambda recommendation: words.of(shown.checked(recommendation), len(recommendation.statements)),
    }
    return Section(Text("Anbefalingerne", "The recommendations"), tables=(table(columns, shown.recommendations),))


def _beginning(text: Text) -> Text:
    """The words of a text that fit in a column."""
    return Text.per_language(
        lambda language: (
            text[language]
            if len(text[language]) <= _BRIEF
            else f"{text[language][:_BRIEF].rsplit(' ', 1)[0].rstrip(',;')} …"
        )
    )


def _about(shown: Coverage) -> Columns[Cell]:
    """The columns with which every list of cells begins: which recommendation, for whom, and how much is in order."""
    return {
        _NUMBER: lambda cell: Text.same(cell.recommendation),
        _WHERE: lambda cell: words.column(cell, shown),
        _IN_ORDER: lambda cell: words.of(cell.numerator, cell.denominator),
    }


def _in_state(shown: Coverage, state: State) -> Section:
    """The cells in a state, a row each."""

    def rules(cell: Cell) -> Text:
        return Text.same(
            ", ".join(cell.rules or sorted({check.rule for check in cell.checks if check.outcome is not Checked.MET}))
        )

    cells = [cell for cell in shown.cells if cell.state is state]
    last = _RULES if state is State.NOT_MET else Text("Regler", "Rules")
    return Section(_heading(state), tables=(table({**_about(shown), last: rules}, cells),))


def _evidence(shown: Coverage, *, brief: bool) -> Section:
    """The performers of the evidence of what is met: for each agreement, or in brief for all together."""
    if brief:
        checks = {
            recommendation.id: (check for cell in shown.of(recommendation.id) for check in cell.checks)
            for recommendation in shown.recommendations
        }
        return _whose(checks, shown)
    cells = [cell for cell in shown.cells if cell.state is State.MET and cell.denominator]
    columns: Columns[Cell] = {
        **_about(shown),
        WHOSE: lambda cell: words.whose(cell.records, shown) if cell.records else NO_RECORD,
    }
    return Section(_heading(State.MET), tables=(table(columns, cells),))


def _whose(checks: Mapping[str, Iterable[Check]], shown: Coverage) -> Section:
    """A line for each, with the performers of the evidence of its met checks."""
    records = {name: newest(c for c in every if c.outcome is Checked.MET) for name, every in checks.items()}
    parties = [(name, words.whose(latest, shown)) for name, latest in records.items() if latest]
    points = tuple(Text(f"{name}: {who.da}", f"{name}: {who.en}") for name, who in parties)
    return Section(WHOSE, points=points)


def _unchecked_and_inapplicable(shown: Coverage) -> Iterator[Section]:
    """What was not checked or does not apply: those with the same reason on one line, decisions on a line each."""
    decided = tuple(_decision(cell, shown) for cell in shown.cells if cell.decision is not None)
    yield Section(Text("Fravalgt", "Set aside"), points=decided)
    for state in (State.NOT_CHECKED, State.NOT_APPLICABLE):
        alike: dict[tuple[Text, tuple[str | None, ...]], list[str]] = defaultdict(list)
        for recommendation in shown.recommendations:
            by_reason: dict[Text, list[str | None]] = defaultdict(list)
            for cell in shown.of(recommendation.id):
                if cell.state is state and cell.decision is None:
                    by_reason[words.why(cell)].append(cell.agreement or cell.organisation)
            for why, places in by_reason.items():
                alike[why, tuple(places)].append(recommendation.id)
        points = (_alike(recommendations, places, why, shown) for (why, places), recommendations in alike.items())
        yield Section(_heading(state), points=tuple(points))


def _heading(state: State) -> Text:
    return words.STATE[state].capitalised()


def _alike(recommendations: Sequence[str], places: Sequence[str | None], why: Text, shown: Coverage) -> Text:
    """Recommendations that do not apply, or were not checked, for the same reason in the same places."""
    number, which = len(places), ", ".join(recommendations)
    where = Text.joined(Text.same(", "), (words.name(place, shown) for place in places))
    if number == len(shown.agreements) > 1:
        where = Text(f"alle {number} aftaler", f"all {number} agreements")
    elif number > _SOME:
        where = Text(f"{number} aftaler", f"{number} agreements")
    return Text(f"{which} for {where.da}: {why.da}", f"{which} for {where.en}: {why.en}")


def _decision(cell: Cell, shown: Coverage) -> Text:
    assert cell.decision is not None
    who, where = words.decider(cell, shown), words.column(cell, shown)
    day = f" {cell.decision.day}" if cell.decision.day else ""
    held = cell.state is State.NOT_APPLICABLE
    return Text(
        f"{cell.recommendation} for {where.da}: {cell.decision.reason} ({who.da}{day})"
        + ("" if held else " – men en regel er brudt, og det afgør et fravalg ikke"),
        f"{cell.recommendation} for {where.en}: {cell.decision.reason} ({who.en}{day})"
        + ("" if held else " – but a rule is broken, which setting aside does not settle"),
    )


def _matrix(shown: Coverage) -> Section:
    """Every agreement and organisation in a row of its own, with every recommendation beside it."""
    places: dict[tuple[str | None, str | None], dict[str, Cell]] = {}
    for cell in shown.cells:
        places.setdefault((cell.agreement, cell.organisation), {})[cell.recommendation] = cell
    ids = [recommendation.id for recommendation in shown.recommendations]
    rows = []
    for (agreement, organisation), cells in places.items():
        shown_cells = [_short(cells.get(identifier)) for identifier in ids]
        rows.append((words.name(agreement or organisation, shown), *shown_cells))
    return Section(
        Text("Aftale for aftale", "Agreement by agreement"),
        tables=(Table((_WHERE, *(Text.same(identifier) for identifier in ids)), tuple(rows)),),
    )


def _short(cell: Cell | None) -> Text:
    """A state in a narrow column, with its count."""
    if cell is None:
        return _DASH
    state = words.STATE[cell.state]
    if not cell.denominator:
        return state
    return Text(f"{state.da} {cell.numerator}/{cell.denominator}", f"{state.en} {cell.numerator}/{cell.denominator}")


# ---------------------------------------------------------------------- statements


def of_statements(shown: Coverage, *, brief: bool) -> list[Section]:
    """The treatment of each statement, by the sections of the guide; with input also its checks.

    ``brief`` cuts long texts for a terminal.
    """
    by_section: dict[str, list[Statement]] = defaultdict(list)
    for statement in shown.statements.values():
        by_section[statement.section].append(statement)
    columns = _of_statement(shown, brief=brief)
    sections = [Section(Text("Kort fortalt", "In short"), points=(_treated(shown, brief=False),))]
    sections += [
        Section(Text.same(section), tables=(table(columns, statements),)) for section, statements in by_section.items()
    ]
    sections.append(_whose({name: shown.of_statement.get(name, ()) for name in shown.statements}, shown))
    exceptions = tuple(_exception(statement, shown) for statement in shown.exceptions)
    unchecked = Text("Kunne kontrolleres, men bliver det ikke", "Could be checked, but is not")
    described = (statement for statement in shown.statements.values() if statement.scope)
    scopes = tuple(_scope(statement) for statement in described)
    seen = Text("Hvad der ses på, og hvad der ikke ses", "What is looked at, and what is not seen")
    return [*sections, Section(unchecked, points=exceptions), Section(seen, points=scopes)]


def _of_statement(shown: Coverage, *, brief: bool) -> Columns[Statement]:
    def cut(text: Text) -> Text:
        return _beginning(text) if brief else text

    def in_order(statement: Statement) -> Text:
        checks = shown.of_statement.get(statement.id, ())
        return words.of(sum(1 for check in checks if check.outcome is Checked.MET), len(checks)) if checks else _DASH

    return {
        Text("Udsagn", "Statement"): lambda statement: Text.same(statement.id),
        Text("Vægt", "Weight"): lambda statement: words.WEIGHT.get(statement.weight, Text.same(statement.weight)),
        Text("Behandling", "Treatment"): lambda statement: words.treatment(statement, shown),
        Text("Ved", "By"): lambda statement: cut(Text.same(", ".join(statement.by) or "–")),
        **({_IN_ORDER: in_order} if shown.cells else {}),
        Text("Siger", "Says"): lambda statement: cut(statement.text),
    }


def _scope(statement: Statement) -> Text:
    return Text.per_language(
        lambda language: (
            f"{statement.id}: "
            + " ".join(f"{heading[language]}: {text[language]}" for heading, text in statement.scope)
        )
    )


def _exception(statement: Statement, shown: Coverage) -> Text:
    kind = words.treatment(statement, shown)
    reason = statement.reason or Text("ingen grund er angivet", "no reason is given")
    return Text(f"{statement.id} ({kind.da}): {reason.da}", f"{statement.id} ({kind.en}): {reason.en}")
