"""``graphsc rules``."""

from typing import Annotated

from graphsc.cli.common import check_codes, check_format, read_settings, stop_if_unread, write_output
from graphsc.cli.options import Choosing, Framework, Ignore, Lang, Select, as_format
from graphsc.rendering import explanation as pages
from graphsc.service import open_paths, validate
from graphsc.validation import selected

DANISH = """Vis reglerne. For hver står der kode, alvorsgrad, hvad den kræver, og vejledningens udsagn bag den."""


def run(
    form: Annotated[str, as_format("text eller json.", "text or json.")] = "text",
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    framework: Framework = None,
) -> None:
    """List the rules. Of each it says code, severity, what it asks, and the guide's statements behind it."""
    settings, problems = read_settings(Choosing(lang=lang, select=select, ignore=ignore), frameworks=framework)
    language = settings.language
    check_format(form, ("text", "json"))
    report, catalogue = validate(open_paths([], settings, problems))
    check_codes(settings, catalogue, report.problems)
    listed = [rule for rule in catalogue.values() if selected(rule.code, settings)]
    if form == "json":
        write_output(pages.as_json(listed))
    else:
        write_output("".join(f"{pages.line(rule, language)}\n" for rule in listed))
    stop_if_unread(report.problems)
