"""The coverage of the guide for a terminal, as Markdown, JSON, CSV and as a workbook."""

from __future__ import annotations

from graphsc.core.text import Language, Text
from graphsc.coverage.status import Coverage
from graphsc.rendering import sections, spreadsheet
from graphsc.rendering.coverage import content, json, tables

FORMATS = ("text", "json", "markdown", "csv", "xlsx")
_RECOMMENDATIONS = Text("Vejledningens anbefalinger pr. {day}", "The guide's recommendations as of {day}")
_STATEMENTS = Text("Vejledningens udsagn og hvad der behandler dem", "The guide's statements and what treats them")


def render(
    form: str, shown: Coverage, *, language: Language, statements: bool = False, colour: bool = False
) -> str | bytes:
    """Render the states of the recommendations, or with ``statements`` the treatment of each statement.

    JSON and the workbook have both. The workbook is bytes.
    """
    match form:
        case "json":
            return json.render(shown)
        case "xlsx":
            from graphsc.rendering.coverage import workbook

            return workbook.render(shown, language=language)
        case "csv":
            if statements:
                return spreadsheet.csv(tables.statements(shown, language), shown.statements.values())
            return spreadsheet.csv(tables.cells(shown, language), shown.cells)
    if statements:
        title, parts = _STATEMENTS, content.of_statements(shown, brief=form == "text")
    else:
        title, parts = _RECOMMENDATIONS, content.of_recommendations(shown, brief=form == "text")
    title = Text(title.da.format(day=shown.as_of), title.en.format(day=shown.as_of))
    return sections.page(form, title, parts, language, colour=colour)
