"""What is drawn of a case, where findings are shown, and what a chain keeps."""

from __future__ import annotations

import pytest
from casework import case, short
from chain_picture import CHAIN, picture_of, place

from graphsc.drawing import records as drawn
from graphsc.drawing.chain import Links, chain_of, paths
from graphsc.drawing.model import ABOVE, EdgeKind, Kind, Passing, Picture
from graphsc.drawing.records import records


def edges_of(picture: Picture) -> set[tuple[str, str, str]]:
    names = [short(node.iri) for node in picture.nodes]
    return {(names[edge.source], edge.kind.value, names[edge.target]) for edge in picture.edges}


def test_things_stand_in_lanes_by_kind_and_nearest_tier() -> None:
    picture = picture_of(case(CHAIN))
    assert {short(node.iri): (node.kind.value, node.lane) for node in picture.nodes if node.kind is not Kind.OTHER} == {
        "K": ("authority", 0),
        "K2": ("authority", 0),
        "F": ("function", 1),
        "S1": ("system", 3),
        "S2": ("system", 3),
        "S3": ("system", 3),
        "L": ("supplier", ABOVE + 1),
        "U": ("supplier", ABOVE + 2),
        "V": ("supplier", ABOVE + 2),
    }
    assert [short(node.iri) for node in picture.nodes if node.kind is Kind.OTHER] == ["W"]


def test_edges_say_what_holds_of_each_link() -> None:
    picture = picture_of(case(CHAIN))
    chains = {edge for edge in edges_of(picture) if EdgeKind(edge[1]).needs}
    assert chains == {
        ("F", "supports", "S1"),
        ("S1", "depends", "S2"),
        ("S1", "supplies", "L"),
        ("S2", "supplies", "L"),
        ("S3", "supplies", "L"),
        ("L", "approved", "U"),
        ("U", "unapproved", "V"),
        ("L", "unrecorded", "V"),
    }
    assert ("K", "accountable", "S1") in edges_of(picture)
    assert ("K", "supervises", "V") in edges_of(picture), "an unapproved subcontractor is the customer's to watch"
    dropped = next(edge for edge in picture.edges if edge.dropped)
    assert (short(dropped.agreement or ""), [short(picture.requirements[at].iri) for at in dropped.dropped]) == (
        "UV",
        ["R1"],
    )


def test_a_requirement_is_followed_down() -> None:
    (requirement,) = picture_of(case(CHAIN)).requirements
    passing = {short(agreement): state for agreement, state in requirement.passing.items()}
    assert passing == {"KL": Passing.SET, "LU": Passing.SET, "UV": Passing.DROPPED}


def test_a_supplier_is_as_critical_as_what_rests_on_it() -> None:
    picture = picture_of(case(CHAIN))
    levels = {short(node.iri): node.level for node in picture.nodes}
    assert (levels["S1"], levels["S2"], levels["S3"], levels["F"]) == (3, 0, None, 3)
    assert (levels["L"], levels["U"], levels["V"], levels["W"]) == (3, 3, 3, None)


def test_who_delivers_to_what_a_critical_system_depends_on_is_as_critical() -> None:
    ordinary = CHAIN.replace("systemer: [S1, S2]", "systemer: [S2]")
    levels = {short(node.iri): node.level for node in picture_of(case(ordinary)).nodes}
    assert (levels["S1"], levels["S2"], levels["L"], levels["U"]) == (3, 0, 3, 3)


def test_findings_are_shown_at_their_link_and_supplier() -> None:
    picture = picture_of(case(CHAIN))
    shown = {
        short(node.iri): [picture.findings[number].code for number in node.findings if picture.findings[number].counts]
        for node in picture.nodes
        if node.findings
    }
    assert shown["V"] == ["FLW001", "SUB002"]
    assert not picture.unplaced
    edge = next(edge for edge in picture.edges if short(edge.agreement or "") == "UV" and edge.kind.needs)
    assert [picture.findings[number].code for number in edge.findings] == ["FLW001", "SUB002"]


def test_a_chain_keeps_its_own_links_only() -> None:
    """V delivers under both contracts; the chain of S3 has only the second, so U is not in it."""
    picture = picture_of(case(CHAIN))
    kept = chain_of(Links(picture), [place(picture, "S3")])
    assert {short(node.iri) for node in kept.nodes} == {"K2", "S3", "L", "V"}
    assert {node.lane for node in kept.nodes if short(node.iri) == "V"} == {ABOVE + 2}
    kept = chain_of(Links(picture), [place(picture, "S1")])
    assert {short(node.iri) for node in kept.nodes} == {"F", "K", "S1", "S2", "L", "U", "V"}
    assert {node.lane for node in kept.nodes if short(node.iri) == "V"} == {ABOVE + 3}, "its tier in this chain"


def test_the_chain_of_a_supplier_leads_up_to_all_it_serves() -> None:
    picture = picture_of(case(CHAIN))
    kept = chain_of(Links(picture), [place(picture, "U")])
    assert {short(node.iri) for node in kept.nodes} == {"F", "K", "S1", "S2", "L", "U", "V"}
    kept = chain_of(Links(picture), [place(picture, "K2")])
    assert {short(node.iri) for node in kept.nodes} == {"K2", "S3", "L", "V"}


def test_paths_are_shortest_and_written_from_the_focus() -> None:
    picture = picture_of(case(CHAIN))
    shortest = paths(Links(picture), place(picture, "S1"))
    assert {tuple(short(picture.nodes[step].iri) for step in path) for path in shortest.values()} == {
        ("S1", "S2"),
        ("S1", "L"),
        ("S1", "L", "U"),
        ("S1", "L", "U", "V"),
    }


def test_outlines_hold_owner_groups() -> None:
    picture = picture_of(case(CHAIN))
    (group,) = picture.outlines
    assert (group.kind, group.label.da) == ("group", "Gruppen")
    assert {short(picture.nodes[member].iri) for member in group.members} == {"U", "V"}


def test_options_are_marked_with_how_many_must_work() -> None:
    picture = picture_of(
        case(
            """
            systemer: [{id: S, kræver: {mindst: 1, medlemmer: [KA, KB]}}]
            organisationer: [{id: K}, {id: A}, {id: B}]
            kontrakter:
              - {id: KA, kunde: K, leverandør: A, periode: 2024-01-01/2030-01-01, systemer: [S]}
              - {id: KB, kunde: K, leverandør: B, periode: 2024-01-01/2030-01-01}
            """
        )
    )
    chosen = {
        (short(picture.nodes[edge.target].iri), edge.alternative)
        for edge in picture.edges
        if edge.kind is EdgeKind.SUPPLIES and short(picture.nodes[edge.source].iri) == "S"
    }
    assert chosen == {("A", (1, 2)), ("B", (1, 2))}


def test_a_contract_that_serves_no_system_hangs_on_its_customer() -> None:
    text = """
    organisationer: [{id: K}, {id: L}]
    kontrakter: [{id: KL, kunde: K, leverandør: L, periode: 2024-01-01/2030-01-01}]
    """
    assert ("K", "supplies", "L") in edges_of(picture_of(case(text)))
    ended = text.replace("2030", "2025").replace("2025-01-01}", "2025-01-31}")
    assert not edges_of(picture_of(case(ended))), "what has ended is not drawn"


def test_copied_input_gives_the_same_picture() -> None:
    once, twice = picture_of(case(CHAIN)), picture_of(case(CHAIN, copies=2))
    assert (once.nodes, once.edges, once.outlines) == (twice.nodes, twice.edges, twice.outlines)


REVIEWED = """
        organisationer: [{id: K, art: statslig myndighed}, {id: L}]
        kontrakter: [{id: KL, kunde: K, leverandør: L, periode: 2024-02-29/2030-03-31}]
        aktiviteter:
          - {id: a, art: kontraktgennemgang, vedrører: KL, dato: 2025-02-01}
          - {id: b, art: kontraktgennemgang, vedrører: KL, dato: 2024-06-01}
    """


def test_a_record_that_many_files_repeat_is_told_once() -> None:
    once, often = (records(case(REVIEWED, copies=copies).opened.dataset, lambda _: None) for copies in (1, 3))
    assert once.agreements == often.agreements
    (agreement,) = once.agreements.values()
    assert [record.date for record in agreement.evidence] == ["2025-02-01", "2024-06-01"]


def test_a_map_without_room_for_all_evidence_has_the_latest_and_counts_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset = case(REVIEWED).opened.dataset
    (agreement,) = records(dataset, lambda _: None).agreements.values()
    assert agreement.earlier == 0
    monkeypatch.setattr(drawn, "MOST", 1)
    monkeypatch.setattr(drawn, "LEAST", 1)
    (agreement,) = records(dataset, lambda _: None).agreements.values()
    assert ([record.date for record in agreement.evidence], agreement.earlier) == (["2025-02-01"], 1)
