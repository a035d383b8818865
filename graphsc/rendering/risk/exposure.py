"""How strong the chains are, how far a break-in reaches, and what would help most."""

from __future__ import annotations

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.exposure.sentences import improvement_sentence, stuck_sentence
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.resilience.sentences import fix_sentence
from graphsc.core.text import Text
from graphsc.rendering.risk.wording import figures, strength_bar
from graphsc.rendering.sections import Bar, Cell, Section, Table


def weakest(found: Assessment, most: int) -> Section | None:
    """The link that decides how strong each critical chain is."""
    weak = [one for one in found.risk.weakest if one.node is not None]
    if not weak:
        return None
    rows = tuple(_weak(found, one) for one in weak[:most])
    columns = (
        Text("Kæden bag", "The chain behind"),
        Text("Styrke", "Strength"),
        Text("Svageste led", "Weakest link"),
        Text("Via", "By way of"),
    )
    note = Text(
        "Styrken siger, hvor meget af det, der skal være på plads, der også er noteret; 100 er alt. Det er ingen sandsynlighed.",
        "The strength says how much of what should be in place is recorded; 100 is all. It is no probability.",
    )
    return Section(Text("Svageste led", "Weakest links"), (note,), (Table(columns, rows, max(0, len(weak) - most)),))


def reach(found: Assessment, most: int) -> Section | None:
    """How much lies within reach of someone who has broken in at a party."""
    far = [one for one in found.risk.radii if one.reached]
    if not far:
        return None
    rows = tuple(
        (
            found.label(one.source),
            Bar(one.weight / far[0].weight if far[0].weight else 0.0, figures(one.weight)),
            figures(one.reached),
        )
        for one in far[:most]
    )
    columns = (
        Text("Indbrud hos", "Break-in at"),
        Text("Vægt", "Weight"),
        Text("Systemer og dataaktiver inden for rækkevidde", "Systems and data assets within reach"),
    )
    return Section(
        Text("Hvor langt et indbrud når", "How far a break-in reaches"),
        (),
        (Table(columns, rows, max(0, len(far) - most)),),
    )


def better(found: Assessment) -> Section | None:
    """The single changes that help most."""
    risk = found.risk
    said = [fix_sentence(risk.graph, fix, risk.fixes.before, found.label) for fix in risk.fixes.ranked[:3]]
    said += [improvement_sentence(one, found.label) for one in risk.improvements.ranked[:3]]
    if risk.improvements.stuck:
        said.append(stuck_sentence(risk.improvements.stuck, found.label))
    if not said:
        return None
    return Section(Text("Hvad der hjælper mest", "What helps most"), points=tuple(said))


def _weak(found: Assessment, one: WeakestLink) -> tuple[Cell, ...]:
    between = [found.label(step) for step in one.path[1:-1]]
    return (
        found.label(one.target),
        strength_bar(one.strength),
        found.label(one.node or one.target),
        Text(" → ".join(text.da for text in between), " → ".join(text.en for text in between)),
    )
