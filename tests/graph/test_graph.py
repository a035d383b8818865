from datetime import date

import pyoxigraph as ox
import pytest
from worlds import AS_OF, Fact, W, triple

from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import ROOT, G
from graphsc.graph import loading
from graphsc.graph.context import RUN
from graphsc.graph.dataset import CONTEXT, GUIDE, SHAPES, Dataset
from graphsc.sources.model import Places, Positions, Source, Sources

DAY = AS_OF
BEFORE, AFTER = date(2025, 6, 14), date(2025, 6, 16)


def loaded(
    *sources: list[Fact],
    as_of: date = DAY,
    extra: list[ox.Quad] | None = None,
    parameters: dict[str, str] | None = None,
) -> Dataset:
    made = []
    for number, facts in enumerate(sources):
        name = ox.NamedNode(f"{SOURCE_PREFIX}{number}")
        quads = [ox.Quad(t.subject, t.predicate, t.object, name) for t in map(triple, facts)]
        made.append(Source(str(number), name.value, "", quads + (extra or []), Positions(str(number), Places())))
    return loading.load(Sources(made, []), Settings(as_of=as_of, parameters=parameters or {}))


def asserted(dataset: Dataset) -> set[ox.Triple]:
    return {q.triple for q in dataset.store if q.graph_name.value.startswith(SOURCE_PREFIX)}


def dates(dataset: Dataset, local: str) -> dict[str, set[str]]:
    """Dates in the context, by the end of the node's IRI."""
    days: dict[str, set[str]] = {}
    for quad in dataset.store.quads_for_pattern(None, ox.NamedNode(G + local), None, CONTEXT):
        days.setdefault(quad.subject.value.rsplit("/", 1)[1], set()).add(quad.object.value)
    return days


@pytest.mark.parametrize("property_", ["date", "from", "signed", "added"])
def test_a_thing_exists_from_its_day(property_: str) -> None:
    facts: list[Fact] = [
        ("x", "a", "Activity"),
        ("x", property_, DAY),
        ("x", "concerns", "y"),
        ("y", "supports", "x"),
        ("y", "owner", "K"),
    ]
    assert asserted(loaded(facts)) == set(map(triple, facts))
    assert asserted(loaded(facts, as_of=AFTER)) == set(map(triple, facts))
    # Before it, neither what it says nor what is said of it is there; the rest stays.
    assert asserted(loaded(facts, as_of=BEFORE)) == {triple(("y", "owner", "K"))}


@pytest.mark.parametrize("property_", ["start", "end", "until", "withdrawn", "closed", "due", "changed", "published"])
def test_a_date_of_something_that_exists_already_may_lie_ahead(property_: str) -> None:
    facts: list[Fact] = [("x", "a", "Agreement"), ("x", property_, AFTER)]
    assert asserted(loaded(facts)) == set(map(triple, facts))


def test_what_exists_later_is_gone_from_every_source() -> None:
    one: list[Fact] = [("x", "date", AFTER), ("x", "concerns", "y")]
    two: list[Fact] = [("x", "kind", "activity/incident"), ("y", "owner", "K")]
    assert asserted(loaded(one, two)) == {triple(("y", "owner", "K"))}


def test_the_guide_loses_nothing_by_what_a_source_says_of_it() -> None:
    concept = ox.NamedNode(ROOT + "role/dpo")
    source = ox.NamedNode(SOURCE_PREFIX + "0")
    later = ox.Quad(concept, ox.NamedNode(G + "date"), triple(("x", "date", AFTER)).object, source)
    plain, cut = loaded([]), loaded([], extra=[later])
    for name in (GUIDE, SHAPES):
        assert cut.size(name) == plain.size(name) > 100
    assert asserted(cut) == set()
    assert any(plain.store.quads_for_pattern(concept, None, None, GUIDE))


def test_a_date_in_own_knowledge_takes_nothing_from_the_sources() -> None:
    concept, source = ox.NamedNode("urn:own:k"), ox.NamedNode(SOURCE_PREFIX + "0")
    dated = ox.Triple(concept, ox.NamedNode(G + "from"), triple(("x", "date", AFTER)).object)
    names = ox.Quad(triple(("x", "a", "Activity")).subject, ox.NamedNode(G + "kind"), concept, source)
    dates_it = ox.Quad(dated.subject, dated.predicate, dated.object, source)
    for quads, left in (([names], {names.triple}), ([names, dates_it], set())):
        made = Source("0", source.value, "", quads, Positions("0", Places()))
        assert asserted(loading.load(Sources([made], []), Settings(as_of=DAY), [dated])) == left


def test_the_guide_is_not_cut_by_its_own_dates() -> None:
    # The clause catalogue holds from 2022; an evaluation of 2020 does not take that date away.
    parameter = ox.NamedNode(ROOT + "parameter/clause-catalogue")
    assert any(
        loaded([], as_of=date(2020, 1, 1)).store.quads_for_pattern(parameter, ox.NamedNode(G + "date"), None, GUIDE)
    )


def test_the_context_says_the_day_and_each_cutoff() -> None:
    dataset = loaded([("c", "frequency", "period/P3M")], as_of=date(2024, 2, 29))
    as_of = next(dataset.store.quads_for_pattern(RUN, None, None, CONTEXT))
    assert (as_of.object.value, as_of.object.datatype.value) == ("2024-02-29", "http://www.w3.org/2001/XMLSchema#date")
    cutoffs = dates(dataset, "cutoff")
    assert cutoffs["P1Y"] == {"2023-03-01"}
    assert cutoffs["P3M"] == {"2023-11-29"}
    assert cutoffs["reassessment"] == {"2024-01-30"}
    assert cutoffs["supervision"] == {"2023-03-01"}
    assert "P7M" not in cutoffs  # only what something asks for


def test_the_organisation_sets_a_parameter_and_only_that() -> None:
    cutoffs = dates(loaded([], parameters={"reassessment": "P14D"}), "cutoff")
    assert cutoffs["reassessment"] == {"2025-06-01"}
    assert cutoffs["supervision"] == {"2024-06-15"}


def test_objection_periods() -> None:
    facts: list[Fact] = [
        ("c", "clauseOf", "KL"), ("c", "clauseTopic", "clause/general-authorisation"), ("c", "objectionPeriod", "period/P1M"),
        ("d", "clauseOf", "ML"), ("d", "clauseTopic", "clause/general-authorisation"),
        ("U", "under", "KL"), ("V", "under", "U"), ("X", "under", "ML"), ("Y", "under", "NL"),
        *((f"n{sub}", "notifies", sub) for sub in "UVXY"), *((f"n{sub}", "date", date(2025, 1, 31)) for sub in "UVXY"),
    ]  # fmt: skip
    assert dates(loaded(facts), "deadline") == {
        "nU": {"2025-02-28"},
        "nV": {"2025-02-28"},  # through the chain
        "nX": {"2025-03-02"},  # where nothing is agreed, 30 days
    }  # and none where there is no general authorisation
    assert dates(loaded([*facts, ("nU", "forAgreement", "ML")]), "deadline").keys() == {"nV", "nX"}


def test_a_deadline_follows_the_parameter_that_the_organisation_sets() -> None:
    facts: list[Fact] = [
        ("d", "clauseOf", "ML"), ("d", "clauseTopic", "clause/general-authorisation"), ("X", "under", "ML"),
        ("n", "notifies", "X"), ("n", "date", date(2025, 1, 31)), ("i", "kind", "activity/incident"), ("i", "date", date(2025, 1, 31)),
    ]  # fmt: skip
    assert dates(loaded(facts), "deadline") == {"n": {"2025-03-02"}, "i": {"2025-02-14"}}
    own = loaded(facts, parameters={"objection": "P10D", "at-once": "P2D"})
    assert dates(own, "deadline") == {"n": {"2025-02-10"}, "i": {"2025-02-02"}}


@pytest.mark.parametrize("period", ["banana", "P1", "P-1Y", "", "P" + "9" * 5000 + "D"])
def test_a_period_that_is_none_is_passed_over(period: str) -> None:
    facts: list[Fact] = [
        ("c", "frequency", f"period/{period}"), ("k", "clauseOf", "KL"), ("k", "clauseTopic", "clause/general-authorisation"),
        ("k", "objectionPeriod", f"period/{period}"), ("U", "under", "KL"), ("n", "notifies", "U"), ("n", "date", BEFORE),
    ]  # fmt: skip
    dataset = loaded(facts)
    assert period not in dates(dataset, "cutoff")
    assert dates(dataset, "deadline") == {}


def test_every_graph_has_its_place() -> None:
    dataset = loaded([("x", "owner", "K")], [("x", "owner", "K")])
    graphs = {name.value for name in dataset.store.named_graphs()}
    assert graphs == {GUIDE.value, SHAPES.value, CONTEXT.value, "urn:graphsc:source:0", "urn:graphsc:source:1"}
    # A triple that stands in two sources is two rows to a plain query, hence DISTINCT in every one of ours.
    question = f"?who {{ <{W}x> <{G}owner> ?who }}"
    assert len(dataset.select(f"SELECT {question}")) == 2
    assert dataset.select(f"SELECT DISTINCT {question}") == [{"who": ox.NamedNode(W + "K")}]


def test_select_leaves_out_what_is_unbound_and_takes_values() -> None:
    dataset = loaded([("x", "owner", "K"), ("y", "owner", "M")])
    query = f"SELECT DISTINCT ?thing ?who ?none {{ ?thing <{G}owner> ?who OPTIONAL {{ ?thing <{G}nothing> ?none }} }}"
    y = ox.NamedNode(W + "y")
    assert dataset.select(query, thing=y) == [{"thing": y, "who": ox.NamedNode(W + "M")}]
    assert len(dataset.select(query)) == 2
