import pytest

from graphsc.core.settings import Settings
from graphsc.derivation import classes_of, rules
from graphsc.derivation.rules import Classes, Rule, UnstratifiedError, levels, order, parse, recursive
from graphsc.graph import loading

PREFIX = "PREFIX g: <https://w3id.org/graphsc/ns#>\n"
SHIPPED = classes_of(loading.load_knowledge(Settings(frameworks=("nis2", "dora", "iso27001"))))


def rule(name: str, writes: str, *reads: str, absent: tuple[str, ...] = (), header: str = "") -> Rule:
    """A rule that writes a property, reads some and builds on the absence of others."""
    body = " ".join(f"?x g:{read} ?y ." for read in reads) + "".join(
        f" FILTER NOT EXISTS {{ ?x g:{a} ?z }}" for a in absent
    )
    return parse(name, f"{header}{PREFIX}CONSTRUCT {{ ?x g:{writes} ?y }} WHERE {{ {body} }}")


def names(*some: Rule) -> list[list[str]]:
    return [[one.name for one in group] for group in order(some)]


def test_what_is_read_is_written_first_whatever_the_order_given() -> None:
    first, second, third = rule("z", "a", "fact"), rule("m", "b", "a"), rule("a", "c", "b", absent=("a",))
    for some in ([first, second, third], [third, second, first], [second, third, first]):
        assert names(*some) == [["z"], ["m"], ["a"]]


def test_rules_that_feed_each_other_run_together() -> None:
    assert names(rule("one", "a", "b"), rule("two", "b", "a"), rule("last", "c", absent=("a",))) == [
        ["one", "two"],
        ["last"],
    ]


def test_what_runs_until_nothing_new_comes() -> None:
    own, once = rule("own", "a", "a"), rule("once", "b", "a")
    assert [recursive(group) for group in order([own, once])] == [True, False]
    assert recursive(order([rule("one", "a", "b"), rule("two", "b", "a")])[0])


def test_a_cycle_through_absence_is_refused_and_named() -> None:
    some = [rule("win", "win", "move", absent=("lose",)), rule("lose", "lose", "win"), rule("bystander", "c", "win")]
    with pytest.raises(UnstratifiedError) as error:
        order(some)
    assert str(error.value) == (
        "rule win builds on the absence of https://w3id.org/graphsc/ns#lose, which depends on the rule itself (lose, win)"
    )


def test_a_rule_that_builds_on_the_absence_of_what_it_writes_is_refused() -> None:
    with pytest.raises(
        UnstratifiedError, match=r"rule own builds on the absence of .*#a, which depends on the rule itself \(own\)"
    ):
        order([rule("own", "a", "fact", absent=("a",))])


def test_a_longer_cycle_with_one_absence_in_it_is_refused() -> None:
    ring = [
        rule("a", "pa", "pb"),
        rule("b", "pb", "pc"),
        rule("c", "pc", "pd", absent=("pe",)),
        rule("d", "pd", "x"),
        rule("e", "pe", "pa"),
    ]
    with pytest.raises(UnstratifiedError, match=r"\(a, b, c, e\)"):
        order(ring)


def test_a_count_is_like_an_absence() -> None:
    counting = parse(
        "counting",
        PREFIX + "CONSTRUCT { ?x g:a ?n } WHERE { { SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x g:a ?y } GROUP BY ?x } }",
    )
    with pytest.raises(UnstratifiedError):
        order([counting])


def test_a_rule_that_reads_any_situation_runs_after_those_that_make_one() -> None:
    situation = parse("zz-situation", PREFIX + "CONSTRUCT { ?x a g:Situation } WHERE { ?x g:fact ?y }")
    reader = parse(
        "aa-reader",
        "# reads: situations g:fact\n" + PREFIX + "CONSTRUCT { ?x g:met ?o } WHERE { ?o g:appliesTo ?s . ?x a ?s }",
    )
    classes = Classes(situations=frozenset({"https://w3id.org/graphsc/ns#Situation"}))
    assert [[r.name for r in g] for g in order([reader, situation], classes)] == [["zz-situation"], ["aa-reader"]]


def test_a_rule_that_writes_the_superclasses_runs_before_those_that_read_one() -> None:
    header = "# reads: \n# writes: superclasses\n"
    typing = parse(
        "zz-typing", header + PREFIX + "CONSTRUCT { ?x a ?wide } WHERE { ?x a ?narrow . ?narrow g:in ?wide }"
    )
    reader = parse("aa-reader", PREFIX + "CONSTRUCT { ?x g:owned true } WHERE { ?x a g:ITSystem }")
    classes = Classes(superclasses=frozenset({"https://w3id.org/graphsc/ns#ITSystem"}))
    assert [[r.name for r in g] for g in order([reader, typing], classes)] == [["zz-typing"], ["aa-reader"]]


def test_a_long_chain_does_not_recurse() -> None:
    some = [rule(f"r{number:05}", f"p{number + 1}", f"p{number}") for number in range(1500)]
    assert names(*reversed(some)) == [[one.name] for one in some]


def test_the_shipped_rules_have_an_order() -> None:
    groups = order(rules.load(), SHIPPED)
    place = {one.name: number for number, group in enumerate(groups) for one in group}
    assert place["type"] < place["root"] < place["chain-root"] < place["chain"] < place["approval-given"]
    assert place["approval-given"] < place["approved"] < place["supervisor-unapproved"]
    assert place["timely"] < place["fulfils"]
    assert place["reopened"] < place["fulfils"]
    assert sum(len(group) for group in groups) == len(place) == len(rules.load())


def test_rules_of_one_level_do_not_build_on_each_other() -> None:
    first, other = rule("first", "a", "fact"), rule("other", "b", "fact")
    after, absent, last = rule("after", "c", "a"), rule("absent", "d", absent=("b",)), rule("last", "e", "c", "b")
    ordered = levels(order([last, absent, after, other, first]))
    assert [sorted(group[0].name for group in level) for level in ordered] == [
        ["first", "other"],
        ["absent", "after"],
        ["last"],
    ]


def test_every_shipped_rule_is_in_a_level_above_all_that_it_builds_on() -> None:
    some = rules.load(("nis2", "dora", "iso27001"))
    ordered = levels(order(some, SHIPPED), SHIPPED)
    place = {one.name: number for number, level in enumerate(ordered) for group in level for one in group}
    together = {one.name: group for level in ordered for group in level for one in group}
    assert sorted(place) == sorted(one.name for one in some)
    for one in some:
        for below in some:
            if SHIPPED.written(below) & SHIPPED.read(one) and one not in together[below.name]:
                assert place[below.name] < place[one.name], (below.name, one.name)
