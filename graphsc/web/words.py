"""The words of the pages, by the names that the templates use."""

from __future__ import annotations

from collections.abc import Mapping

from graphsc.core.text import Text

WORDS: Mapping[str, Text] = {
    "site": Text("Leverandørkæden", "The supply chain"),
    "skip": Text("Gå til indholdet", "Skip to the content"),
    "menu": Text("Sider", "Pages"),
    "language": Text("English", "Dansk"),
    "start": Text("Overblik", "Overview"),
    "findings": Text("Fund", "Findings"),
    "duties": Text("Pligter", "Duties"),
    "risk": Text("Risiko", "Risk"),
    "coverage": Text("Vejledningen", "The guide"),
    "rules": Text("Regler", "Rules"),
    "map": Text("Kort", "Map"),
    "report": Text("Rapport", "Report"),
    "ask": Text("Spørg", "Ask"),
    "search": Text("Søg", "Search"),
    "search_for": Text("Søg efter navn, id eller regel", "Search for a name, an id or a rule"),
    "as_of": Text("pr.", "as of"),
    "read_at": Text("læst", "read"),
    "stale": Text(
        "Filerne er ændret, men de nye kan ikke læses. Siderne viser det seneste, der kunne læses",
        "The files have changed, but the new ones cannot be read. The pages show the last that could be read",
    ),
    "partial": Text(
        "Ufuldstændigt: noget kunne ikke læses, så fund og pligter kan mangle.",
        "Incomplete: some input could not be read, so findings and duties may be missing.",
    ),
    "missing": Text("Her er ingen side", "There is no page here"),
    "missing_text": Text(
        "Adressen svarer hverken til en side eller til noget i dataene.",
        "The address is neither that of a page nor of anything in the data.",
    ),
    "formats": Text("Samme side som", "This page as"),
    "wrong": Text("Det er galt", "What is wrong"),
    "all_findings": Text("Alle fund", "All findings"),
    "soon": Text("Det skal gøres inden for 60 dage", "What falls due within 60 days"),
    "all_duties": Text("Alle pligter", "All duties"),
    "nothing_soon": Text("Intet forfalder inden for 60 dage.", "Nothing falls due within 60 days."),
    "changed": Text("Siden sidste uge", "Since last week"),
    "changed_note": Text(
        "De samme data dømt, som de stod for syv dage siden; hvad der er slettet siden, ses ikke.",
        "The same data judged as of seven days ago; what was deleted since is not seen.",
    ),
    "unchanged": Text("Ingen fund er kommet til eller forsvundet.", "No findings have come or gone."),
    "new": Text("Ny", "New"),
    "gone": Text("Væk", "Gone"),
    "more": Text("flere", "more"),
    "violations": Text("overtrædelser", "violations"),
    "warnings": Text("advarsler", "warnings"),
    "overdue": Text("forfaldne pligter", "duties overdue"),
    "unkept": Text("registre, der ikke føres", "registers not kept"),
    "and_more": Text("ting mere", "more things"),
    "who": Text("Hvem", "Who"),
    "when": Text("Hvornår", "When"),
    "what": Text("Hvad", "What"),
}
