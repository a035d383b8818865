"""How strong the chains are, how far a break-in reaches, and what would help most."""

from __future__ import annotations

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.exposure.compromise import Radius
from graphsc.analysis.exposure.sentences import improvement_sentence, stuck_sentence
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.resilience.sentences import fix_sentence
from graphsc.core.text import Text
from graphsc.rendering.risk.wording import figures, path, strength_bar
from graphsc.rendering.sections import Bar, Columns, Section, table


def weakest(assessment: Assessment, most: int) -> Section | None:
    """The link that decides how strong each critical chain is."""
    weak = [link for link in assessment.risk.weakest if link.node is not None]
    if not weak:
        return None
    columns: Columns[WeakestLink] = {
        Text("Kæden bag", "The chain behind"): lambda link: assessment.label(link.target),
        Text("Styrke", "Strength"): lambda link: strength_bar(link.strength),
        Text("Svageste led", "Weakest link"): lambda link: assessment.label(link.node or link.target),
        Text("Via", "By way of"): lambda link: path(assessment, link.path[1:-1]),
    }
    note = Text(
        "Styrken siger, hvor meget af det, der skal være på plads, der også er registreret; 100 er alt. Det er ingen sandsynlighed.",
        "The strength says how much of what should be in place is recorded; 100 is all. It is no probability.",
    )
    return Section(Text("Svageste led", "Weakest links"), (note,), (table(columns, weak, most),))


def reach(assessment: Assessment, most: int) -> Section:
    """How much lies within reach of someone who has broken in at a party."""
    far = [radius for radius in assessment.risk.radii if radius.reached]
    columns: Columns[Radius] = {
        Text("Indbrud hos", "Break-in at"): lambda radius: assessment.label(radius.source),
        Text("Vægt", "Weight"): lambda radius: Bar(
            radius.weight / far[0].weight if far[0].weight else 0.0, figures(radius.weight)
        ),
        Text("Systemer og dataaktiver inden for rækkevidde", "Systems and data assets within reach"): lambda radius: (
            figures(radius.reached)
        ),
    }
    heading = Text("Hvor langt et indbrud når", "How far a break-in reaches")
    return Section(heading, tables=(table(columns, far, most),))


def better(assessment: Assessment) -> Section:
    """The single changes that help most."""
    risk = assessment.risk
    sentences = [fix_sentence(risk.graph, fix, risk.fixes.before, assessment.label) for fix in risk.fixes.ranked[:3]]
    sentences += [improvement_sentence(improvement, assessment.label) for improvement in risk.improvements.ranked[:3]]
    if risk.improvements.stuck:
        sentences.append(stuck_sentence(risk.improvements.stuck, assessment.label))
    return Section(Text("Hvad der hjælper mest", "What helps most"), points=tuple(sentences))
