"""The words of the page itself, in both languages, by the names that the templates use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from graphsc.core.text import Text
from graphsc.duties.duties import State
from graphsc.rendering import whose
from graphsc.rendering.duties import words as owing
from graphsc.rendering.report.content import Change, Standing

WORDS: Mapping[str, Text] = {
    "report": Text("Rapport om leverandørsikkerhed", "Report on supplier security"),
    "brief": Text("Kort om leverandørsikkerheden", "Supplier security in brief"),
    "decisions": Text("Det skal besluttes", "To be decided"),
    "decision": Text("Beslutning", "Decision"),
    "by": Text("Senest", "By"),
    "at_once": Text("straks; fristen var", "at once; the deadline was"),
    "no_deadline": Text("ingen frist noteret", "no deadline recorded"),
    "further_actors": Text(
        "Flere har noget at rette; de står i rapporten.", "Others have something to mend; the report names them."
    ),
    "gravest": Text("De alvorligste fund", "The gravest findings"),
    "changed": Text("Hvad der har ændret sig", "What has changed"),
    "no_earlier": Text("Der er ikke sammenlignet med noget tidligere.", "Nothing earlier was compared with."),
    "basis": Text("Hvad det bygger på", "What it rests on"),
    "rules_unchecked": Text(
        "regler kunne ikke kontrolleres eller er valgt fra.", "rules could not be checked or were left out."
    ),
    "accepted_count": Text("fund er accepteret og tæller ikke med.", "findings are accepted and do not count."),
    "method": Text("Omfang, metode og grænser", "Scope, method and limits"),
    "method_recorded": Text(
        "Rapporten bygger alene på det, der er noteret i de indlæste filer; aftaler, dokumenter og systemer er ikke set efter.",
        "The report rests only on what is recorded in the files that were read; no agreement, document or system was inspected.",
    ),
    "method_query": Text(
        "Hver regel er en forespørgsel på det noterede. Den er brudt, når forespørgslen finder noget, og overholdt, når den havde noget at dømme og intet fandt.",
        "Each rule is a query on what is recorded. It is broken when the query finds something, and passed when it had something to judge and found nothing.",
    ),
    "method_passed": Text(
        "Overholdt betyder, at det noterede ikke bryder reglen – ikke, at det noterede er rigtigt.",
        "Passed means that what is recorded does not break the rule – not that what is recorded is right.",
    ),
    "method_registers": Text(
        "Føres et register ikke, dømmes de regler, der bygger på det, ikke dér. Det tæller aldrig som opfyldt.",
        "Where a register is not kept, the rules that rest on it are not judged there. It never counts as met.",
    ),
    "method_beyond": Text(
        "Vejledningen har også anbefalinger, som data ikke kan vise noget om; dem dømmer ingen regel, og de kræver et menneskes vurdering.",
        "The guide has recommendations too that data can show nothing of; no rule judges these, and they take a person's judgement.",
    ),
    "method_chain": Text(
        "Af en leverandørs egne leverandører ses kun dem, der er noteret.",
        "Of a supplier's own suppliers only those are seen that are recorded.",
    ),
    "rules_count": Text("Reglerne i tal", "The rules in figures"),
    "queries_beside": Text(
        "Hver regels forespørgsel, triplerne bag hvert fund og filernes kontrolsummer skrives som filer med --appendix MAPPE.",
        "The query of each rule, the triples beneath each finding and the digests of the files are written as files with --appendix DIR.",
    ),
    "sign": Text("Udarbejdet og godkendt", "Prepared and approved"),
    "role_in_report": Text("Rolle", "Role"),
    "prepared": Text("Udarbejdet af", "Prepared by"),
    "approved_by": Text("Godkendt af", "Approved by"),
    "name": Text("Navn", "Name"),
    "date": Text("Dato", "Date"),
    "signature": Text("Underskrift", "Signature"),
    "sign_note": Text(
        "Underskriver I digitalt, så læg underskriften ved siden af filen: de samme data giver den samme rapport, byte for byte.",
        "If you sign digitally, keep the signature beside the file: the same data give the same report, byte for byte.",
    ),
    "for_party": Text("Kun kæden for", "Only the chain of"),
    "as_of": Text("pr.", "as of"),
    "contents": Text("Indhold", "Contents"),
    "skip": Text("Gå til indholdet", "Skip to the contents"),
    "trend": Text("Udviklingen", "The trend"),
    "trend_note": Text(
        "De samme data dømt pr. de tidligere dage; hvad der er slettet siden, ses ikke.",
        "The same data judged as of the earlier days; what was deleted since is not seen.",
    ),
    "since": Text("Siden sidst", "Since the last report"),
    "new": Text("nye", "new"),
    "gone": Text("væk", "gone"),
    "still": Text("stadig", "still there"),
    "gone_heading": Text("Fund, der er væk", "Findings that are gone"),
    "since_partial": Text(
        "Noget kunne ikke læses dengang, så nogle fund kan se nye ud uden at være det.",
        "Some input could not be read then, so some findings may look new without being so.",
    ),
    "now_accepted": Text("nu accepteret", "accepted now"),
    "cover": Text("Om rapporten", "About this report"),
    "authority": Text("Myndighed", "Authority"),
    "scope": Text("Omfang", "Scope"),
    "day": Text("Vurderingsdato", "Evaluation date"),
    "versions": Text("Versioner", "Versions"),
    "ontology": Text("ontologi", "ontology"),
    "shapes": Text("former", "shapes"),
    "commit": Text("Commit", "Commit"),
    "not_committed": Text("med ændringer, der ikke er gemt i git", "with changes that are not committed"),
    "no_commit": Text("ligger ikke i git", "not in git"),
    "inputs": Text("Det indlæste", "The input"),
    "files": Text("filer, samlet SHA-256", "files, SHA-256 of all"),
    "one_file": Text("fil, SHA-256", "file, SHA-256"),
    "shown_digest": Text("SHA-256 af det, der vises", "SHA-256 of what is shown"),
    "listed": Text("hver fil står i bilaget", "each file is in the appendix"),
    "summary": Text("På én side", "On one page"),
    "who_acts": Text("Hvem der skal handle", "Who must act"),
    "who": Text("Hvem", "Who"),
    "total": Text("I alt", "Total"),
    "first_due": Text("Første frist", "First deadline"),
    "broken_rules": Text("Krav, der ikke er opfyldt", "Requirements that are not met"),
    "guide_checked": Text("Kontrolleret efter", "Checked by"),
    "severity": Text("Alvor", "Severity"),
    "rule": Text("Regel", "Rule"),
    "broken_of": Text("Brudt", "Broken"),
    "more_rules": Text("flere står under", "more are under"),
    "findings": Text("Fund", "Findings"),
    "findings_note": Text(
        "Ordnet efter, hvem der skal handle, og derunder efter alvor. Nummeret efter hvert fund er det samme fra gang til gang.",
        "Ordered by who must act, and within that by severity. The number after each finding stays the same from time to time.",
    ),
    "no_findings": Text("Der er ingen fund.", "There are no findings."),
    "near": Text("Tæller ikke", "Does not count"),
    "remedy": Text("Gør", "Do"),
    "person": Text("Hvem", "Who"),
    "due": Text("Frist", "Deadline"),
    "overdue": Text("overskredet", "overdue"),
    "place": Text("Sted", "Place"),
    "chain": Text("Kæde", "Chain"),
    "consequences": Text("Følger", "Consequences"),
    "guide": Text("Vejledning", "Guide"),
    "also": Text("Også i", "Also in"),
    "evidence": Text("Bevis", "Evidence"),
    "id": Text("id", "id"),
    "waivers": Text("Accepterede fund", "Accepted findings"),
    "expired": Text("Udløbne accepter", "Expired acceptances"),
    "expired_note": Text(
        "Accepten er udløbet, så fundet tæller igen.", "The acceptance has run out, so the finding counts again."
    ),
    "in_force": Text("Accepter, der gælder", "Acceptances in force"),
    "none_accepted": Text("Ingen fund er accepteret.", "No findings are accepted."),
    "finding": Text("Fund", "Finding"),
    "acceptance": Text("Accept", "Acceptance"),
    "rules": Text("Regler: overholdt og ikke kontrolleret", "Rules: passed and not checked"),
    "passed": Text("Overholdte regler", "Rules that passed"),
    "whose": whose.HEADING,
    "whose_note": Text(
        "– betyder, at reglen ikke beder om dokumentation for sig: det noterede bryder den ikke.",
        "– means that the rule asks for no evidence of its own: what is recorded does not break it.",
    ),
    "excused": Text("Brudt, men accepteret eller ikke noteret", "Broken, but accepted or not recorded"),
    "idle": Text("Regler uden noget at kontrollere", "Rules with nothing to judge"),
    "not_checked": Text("Ikke kontrolleret", "Not checked"),
    "left_out": Text("valgt fra eller uden grænse", "left out or without a limit"),
    "all_checked": Text("Alle regler er kontrolleret overalt.", "All rules were checked everywhere."),
    "reason": Text("Begrundelse", "Reason"),
    "unkept": Text("Ikke noteret", "Not recorded"),
    "unkept_note": Text(
        "Hvad de ville have vist, er ukendt og tæller ikke som opfyldt.",
        "What they would have shown is unknown and does not count as met.",
    ),
    "register_name": Text("Register eller oplysning", "Register or fact"),
    "where": Text("Hvor", "Where"),
    "chains": Text("Kæden bag hver kritisk tjeneste", "The chain behind each critical service"),
    "own_chain": Text("Kæden", "The chain"),
    "no_chains": Text(
        "Der er ikke noteret kritiske systemer eller samfundskritiske funktioner.",
        "No critical systems and no society-critical functions are recorded.",
    ),
    "more_chains": Text(
        "flere kæder er ikke vist her; kortet har dem alle.", "more chains are not shown here; the map has them all."
    ),
    "tier": Text("Led", "Tier"),
    "party": Text("Part", "Party"),
    "country": Text("Land", "Country"),
    "through": Text("Via", "By way of"),
    "approved": Text("Godkendt", "Approved"),
    "supervised": Text("Tilsyn ved", "Supervised by"),
    "strength": Text("Styrke", "Strength"),
    "parties": Text("Parter i kæden", "Parties of the chain"),
    "concentration": Text("Koncentration og tab", "Concentration and losses"),
    "weakest": Text("Svageste led", "Weakest links"),
    "duties": Text("Frister: forfaldne og de næste 90 dage", "Deadlines: overdue and the next 90 days"),
    "no_duties": Text("Ingen frister.", "No deadlines."),
    "duty": Text("Pligt", "Duty"),
    "state": Text("Tilstand", "State"),
    "suppliers": Text("Register over leverandører", "Register of suppliers"),
    "supplier": Text("Leverandør", "Supplier"),
    "number": Text("CVR eller LEI", "CVR or LEI"),
    "group": Text("Koncern", "Owner group"),
    "nearest_tier": Text("Nærmeste led", "Nearest tier"),
    "delivers": Text("Leverer under (til)", "Delivers under (to)"),
    "below": Text("underleverandør til", "subcontractor of"),
    "until": Text("Første udløb", "First end"),
    "no_suppliers": Text("Ingen leverandører.", "No suppliers."),
    "problems": Text("Kunne ikke læses", "Could not be read"),
    "appendix": Text("Bilag: det indlæste, og rapporten igen", "Appendix: the input, and the report again"),
    "reproduce": Text("Sådan laves rapporten igen", "How to make this report again"),
    "reproduce_note": Text(
        "Med de samme filer og den samme version giver kommandoen den samme rapport, byte for byte.",
        "With the same files and the same version the command gives the same report, byte for byte.",
    ),
    "file": Text("Fil", "File"),
    "more": Text("flere", "more"),
    "figure_twin": Text("Tallene står også i tabellen.", "The figures are in the table too."),
    "drawing": Text("Tegning af kæden", "Drawing of the chain"),
    "page": Text("side", "page"),
    "of": Text("af", "of"),
}
MARKS = {
    Standing.BROKEN: "✕",
    Standing.UNKNOWN: "?",
    Standing.RESERVED: "!",
    Standing.NOTHING: "–",
    Standing.UNBROKEN: "✓",
}
SEVERITY_MARKS = {"violation": "✕", "warning": "!", "info": "i"}
CHANGES = {
    Change.NEW: Text("nyt", "new"),
    Change.STILL: Text("stadig", "still there"),
    Change.GONE: Text("væk", "gone"),
}
STATES: Mapping[State, Text] = {**owing.STATE, State.MET: Text("gøres igen", "to be done again")}


MONTHS = (
    ("januar", "January"), ("februar", "February"), ("marts", "March"), ("april", "April"), ("maj", "May"), ("juni", "June"),
    ("juli", "July"), ("august", "August"), ("september", "September"), ("oktober", "October"), ("november", "November"),
    ("december", "December"),
)  # fmt: skip


def written_day(day: date) -> Text:
    """A day as people write it: 25. november 2026, 25 November 2026."""
    danish, english = MONTHS[day.month - 1]
    return Text(f"{day.day}. {danish} {day.year}", f"{day.day} {english} {day.year}")
