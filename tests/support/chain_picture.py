"""A small authority as a picture, for the tests of what draws pictures."""

from __future__ import annotations

from casework import Case, short

from graphsc.drawing.model import Picture
from graphsc.drawing.projection import read

CHAIN = """
    samfundsfunktioner: [{id: F, navn: funktion}]
    systemer:
      - {id: S1, navn: Et, ejer: K, kritikalitet: samfundskritisk, understøtter: F, afhænger af: S2}
      - {id: S2, navn: To, ejer: K, kritikalitet: almindelig}
      - {id: S3, navn: Tre, ejer: K2}
    organisationer:
      - {id: K, navn: Kystvagten, art: statslig myndighed}
      - {id: K2, navn: Kommunen, art: kommune}
      - {id: L, navn: Løngang, land: DK}
      - {id: U, navn: Udhus, koncern: GR}
      - {id: V, navn: Vindfløj, koncern: GR}
      - {id: W, navn: Ekstra}
    koncerner: [{id: GR, navn: Gruppen}]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-04-01/2028-03-31
        registre: [underleverandører, krav]
        systemer: [S1, S2]
        krav: [{id: R1}]
        underleverandører:
          - id: LU
            leverandør: U
            start: 2024-06-01
            viderefører: [R1]
            godkendelse: 2024-05-12
            underleverandører: [{id: UV, leverandør: V, start: 2024-07-01}]
      - id: K2L
        kunde: K2
        leverandør: L
        periode: 2024-04-01/2028-03-31
        systemer: [S3]
        underleverandører: [{id: LV, leverandør: V, start: 2024-07-01}]
"""


def picture_of(case_read: Case) -> Picture:
    return read(case_read.opened.dataset, case_read.report.as_of, case_read.report.findings)


def place(picture: Picture, name: str) -> int:
    return next(number for number, node in enumerate(picture.nodes) if short(node.iri) == name)
