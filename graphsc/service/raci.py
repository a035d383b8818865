"""The RACI matrices of an input: ``graphsc raci``."""

from __future__ import annotations

from graphsc.core.identifiers import iris
from graphsc.duties.results import Matrices, involvements, matrices
from graphsc.graph.labels import Labels
from graphsc.service import Opened
from graphsc.service.lookup import find
from graphsc.validation.findings import inputs_of


def raci(opened: Opened, *, agreement: str | None = None, organisation: str | None = None) -> Matrices:
    """The matrix of each organisation that outsources and of each running agreement.

    With ``organisation`` only its own and those of its agreements, with ``agreement`` only that of one. Both are names as a
    person writes them. Raises UnknownNameError.
    """
    labels = Labels(opened.dataset)
    subject = None if agreement is None else find(opened.dataset, labels, agreement, "Agreement")
    party = None if organisation is None else find(opened.dataset, labels, organisation, "Organisation")
    result = [
        matrix
        for matrix in matrices(opened.dataset, labels)
        if subject in {None, matrix.subject}
        and (party is None or party in {matrix.subject, *matrix.customers, *matrix.suppliers})
    ]
    kinds = involvements(opened.dataset)
    return Matrices(
        as_of=opened.settings.as_of,
        inputs=inputs_of(opened.sources),
        problems=opened.unread,
        involvements=tuple(kinds.values()),
        matrices=tuple(result),
        labels=labels.of({*kinds, *iris(result)}),
    )
