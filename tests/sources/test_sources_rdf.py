from __future__ import annotations

from pathlib import Path

import pytest
from reading import about, faults, read_files, triples

from graphsc.core import vocabulary as v

HEAD = """\
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


THINGS = (
    "<urn:x:a> a g:Agreement . <urn:x:f> a g:FrameworkAgreement . <urn:x:r> a g:SecurityRequirement . "
    "<urn:x:p> a g:Organisation . <urn:x:own> a <urn:x:Own> . <urn:x:w> a g:Waiver .\n"
)


def test_turtle_with_places(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
# a comment with <urn:x:a> in it
<urn:x:o> a g:Organisation ; rdfs:label "o" .
<urn:x:a> a g:Agreement , g:Clause ;
    g:customer <urn:x:o> ;
    g:text "not a <urn:x:b> . subject" , '''nor
this .''' ;
    g:signed "2024-01-01"^^xsd:date .
""".replace("rdfs:label", "<http://www.w3.org/2000/01/rdf-schema#label>")
    )
    sources = read_files(tmp_path, {"a.ttl": text})
    assert faults(sources) == []
    positions = sources.sources[0].positions

    def place(*parts: str) -> str:
        return str(positions.locate(*parts)).rsplit(".ttl", 1)[1]

    assert place("urn:x:o") == ":4:1"
    assert place("urn:x:a") == ":5:1"
    assert place("urn:x:a", v.G_CUSTOMER) == ":6:5"
    assert place("urn:x:a", v.G_CUSTOMER, "urn:x:o") == ":6:16"
    assert place("urn:x:a", v.G_SIGNED, "2024-01-01") == ":9:14"
    assert positions.locate("urn:x:b") is None


def test_places_survive_every_turn_of_turtle(tmp_path: Path) -> None:
    text = (
        "PREFIX : <urn:x:> base <https://e.org/>\nPREFIX g: <https://w3id.org/graphsc/ns#>\n"
        ':a.b a g:Organisation.\n<c> a g:Person ; g:country "DK"@da , "x\\"y" ;\n .\n'
        "[] a g:Person .\n( 1 2.5 ) g:foo true .\n"
        ":p\\/q a g:Person .\n_:n g:country 1e6 .\n:last a g:Person .\n"
    )
    positions = read_files(tmp_path, {"a.ttl": text}).sources[0].positions
    places = {
        iri: str(positions.locate(iri)).rsplit(".ttl", 1)[1]
        for iri in ("urn:x:a.b", "https://e.org/c", "urn:x:p/q", "urn:x:last")
    }
    assert places == {"urn:x:a.b": ":3:1", "https://e.org/c": ":4:1", "urn:x:p/q": ":8:1", "urn:x:last": ":10:1"}


def test_named_graphs_become_the_graph_of_the_file(tmp_path: Path) -> None:
    trig = (
        HEAD + "<urn:x:g> { <urn:x:a> a g:Person . } GRAPH <urn:x:h> { <urn:x:b> a g:Person }\n<urn:x:c> a g:Person .\n"
    )
    quads = f"<urn:x:d> <{v.RDF_TYPE}> <{v.G}Person> <urn:x:g> .\n"
    sources = read_files(tmp_path, {"a.trig": trig, "b.nq": quads})
    assert triples(sources) == {(f"urn:x:{x}", "rdf:type", "g:Person") for x in "abcd"}
    assert [s.graph.rsplit("/", 1)[1] for s in sources.sources] == ["a.trig", "b.nq"]
    assert str(sources.locate("urn:x:b")).endswith("a.trig:3:56")
    assert str(sources.locate("urn:x:d")).endswith("b.nq:1:1")


def test_what_stands_before_a_syntax_error_is_kept(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.ttl": HEAD + "<urn:x:a> a g:Person .\n<urn:x:b> a zz:Person .\n"})
    assert faults(sources) == [("syntax", "a.ttl:4:13")]
    assert triples(sources) == {("urn:x:a", "rdf:type", "g:Person")}
    assert (
        sources.problems[0].message.en == "The file cannot be read from here: “The prefix zz: has not been declared”."
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("<urn:x:a> g:custmer <urn:x:a> .", [("unknown-term", "a.ttl:4:11")]),
        ("<urn:x:a> a g:Organization .", [("unknown-term", "a.ttl:4:13")]),
        ("<urn:x:a> a g:customer .", [("unknown-term", "a.ttl:4:13")]),
        ('<urn:x:a> g:customer "org" .', [("wrong-type", "a.ttl:4:22")]),
        ("<urn:x:p> g:cvr <urn:x:a> .", [("wrong-type", "a.ttl:4:17")]),
        ('<urn:x:p> g:country "DK" .', [("wrong-type", "a.ttl:4:21")]),
        ("<urn:x:p> g:country <urn:x:a> .", [("unknown-concept", "a.ttl:4:21")]),
        ('<urn:x:a> g:signed "2024-01-01" .', [("wrong-type", "a.ttl:4:20")]),
        ('<urn:x:a> g:signed "2026-02-31"^^xsd:date .', [("bad-date", "a.ttl:4:20")]),
        ('<urn:x:a> g:personalData "ja"^^xsd:boolean .', [("wrong-type", "a.ttl:4:26")]),
        ("<urn:x:a> g:personalData true .", []),
        ("<urn:x:r> g:evaluationWeight 3 .", []),
        ("<urn:x:a> g:customer <urn:x:nobody> .", [("dangling-reference", "a.ttl:4:22")]),
        ("<urn:x:r> g:topic <https://w3id.org/graphsc/topic/contingency> .", []),
        ("<urn:x:r> g:topic <https://w3id.org/graphsc/topic/contingancy> .", [("unknown-concept", "a.ttl:4:19")]),
        ("<urn:x:r> g:topic <https://w3id.org/graphsc/role/legal> .", [("unknown-concept", "a.ttl:4:19")]),
        ("<urn:x:r> g:frequency <https://w3id.org/graphsc/period/P3M> .", []),
        ("<urn:x:r> g:frequency <https://w3id.org/graphsc/period/PT> .", [("bad-period", "a.ttl:4:23")]),
        ('<urn:x:p> g:cvr "10150818" .', [("bad-identifier", "a.ttl:4:17")]),
        ('<urn:x:p> g:lei "213800KUD8LAJWSQ9D16" .', [("bad-identifier", "a.ttl:4:17")]),
        ("<urn:x:a> g:topic <https://w3id.org/graphsc/topic/contingency> .", [("misplaced-key", "a.ttl:4:11")]),
        ("<urn:x:a> g:underFramework <urn:x:f> .", []),
        ("<urn:x:p> g:keepsRegister <https://w3id.org/graphsc/register/exit> .", [("misplaced-value", "a.ttl:4:27")]),
        ("<urn:x:p> g:keepsRegister <https://w3id.org/graphsc/register/systems> .", []),
        ("<urn:x:nameless> g:customer <urn:x:p> .", [("missing-type", "a.ttl:4:18")]),
        ("<urn:x:own> g:topic <https://w3id.org/graphsc/topic/contingency> .", [("missing-type", "a.ttl:4:13")]),
        ("<urn:x:own> <urn:x:part> <urn:x:a> .", []),
        ("<urn:x:w> g:waives <https://w3id.org/graphsc/rule/SUB001> .", []),
        ('<urn:x:w> g:waives "SUB001" .', [("wrong-type", "a.ttl:4:20")]),
        ("<urn:x:a> a <http://w3id.org/graphsc/ns#Agreement> .", [("unknown-term", "a.ttl:4:13")]),
        ("<urn:x:a> <http://w3id.org/graphsc/ns#customer> <urn:x:p> .", [("unknown-term", "a.ttl:4:11")]),
        ("<urn:x:a> <https://w3id.org/graphsc/vocab#customer> <urn:x:p> .", [("unknown-term", "a.ttl:4:11")]),
    ],
)
def test_every_statement_is_held_to_the_ontology(
    tmp_path: Path, statement: str, expected: list[tuple[str, str]]
) -> None:
    assert faults(read_files(tmp_path, {"a.ttl": HEAD + THINGS + statement})) == expected


def test_a_code_where_an_iri_belongs_is_answered_with_the_iri(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.ttl": HEAD + THINGS + '<urn:x:w> g:waives "SUB001" .'})
    (problem,) = sources.problems
    assert problem.message.en.endswith("Did you mean “https://w3id.org/graphsc/rule/SUB001”?")


def test_what_makes_no_sense_is_left_out_and_numbers_get_one_form(tmp_path: Path) -> None:
    text = (
        HEAD
        + '<urn:x:a> a g:Organisation ; g:signed "2026-02-31"^^xsd:date ; g:cvr "DK 10 15 08 17" ; g:lei "213800kud8lajwsq9d15" .'
    )
    assert about(read_files(tmp_path, {"a.ttl": text}), "urn:x:a") == {
        ("rdf:type", "g:Organisation"), ("g:cvr", '"10150817"'), ("g:lei", '"213800KUD8LAJWSQ9D15"'),
    }  # fmt: skip


def test_what_rules_derive_cannot_be_asserted(tmp_path: Path) -> None:
    from graphsc.sources.terms import load

    derived = sorted(p.iri for p in load().properties.values() if p.derived)
    classes = sorted(c.iri for c in load().classes.values() if c.derived)
    statements = [f"<urn:x:a> <{iri}> <urn:x:a> .\n" for iri in derived] + [
        f"<urn:x:a> a <{iri}> .\n" for iri in classes
    ]
    # several files, for a file's problems are told up to a hundred
    files = {f"{number}.ttl": "".join(statements[number::4]) for number in range(4)}
    sources = read_files(tmp_path, files | {"z.ttl": f"<urn:x:a> a <{v.G}Agreement> ."})
    assert {code for code, _ in faults(sources)} <= {"derived-term"}
    assert len(faults(sources)) == len(derived) + len(classes)
    assert triples(sources) == {("urn:x:a", "rdf:type", "g:Agreement")}


def test_concepts_declared_in_a_source_may_be_used(tmp_path: Path) -> None:
    text = HEAD + (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<urn:x:c> a skos:Concept ; skos:inScheme <https://w3id.org/graphsc/scheme/topic> ; skos:prefLabel "hastighed"@da .\n'
        "<urn:x:r> a g:SecurityRequirement ; g:topic <urn:x:c> .\n"
    )
    sources = read_files(
        tmp_path, {"a.ttl": text, "b.yaml": "kontrakter: {k/1: {krav: [{id: r/2, emne: Hastighed}]}}\n"}
    )
    assert faults(sources) == []
    assert ("g:topic", "urn:x:c") in about(sources, ":r/2")


def test_properties_for_writing_are_turned(tmp_path: Path) -> None:
    text = HEAD + "<urn:x:a> a g:Agreement ; g:subcontract <urn:x:s> . <urn:x:s> a g:Subcontract .\n"
    sources = read_files(tmp_path, {"a.ttl": text})
    assert ("urn:x:s", "g:under", "urn:x:a") in triples(sources)
    assert not any(p == "g:subcontract" for _, p, _ in triples(sources))
    assert str(sources.locate("urn:x:s", v.G_UNDER)).endswith("a.ttl:3:41")


def test_relative_ids_mean_the_same_as_in_yaml(tmp_path: Path) -> None:
    xml = (
        f'<rdf:RDF xmlns:rdf="{v.RDF}" xmlns:g="{v.G}"><g:Person rdf:about="p/3"/></rdf:RDF>'
    )  # fmt: skip
    jsonld = '{"@context": {"g": "https://w3id.org/graphsc/ns#"}, "@id": "p/4", "@type": "g:Person"}'
    files = {"a.yaml": "personer: [p/1]\n", "b.ttl": HEAD + "<p/2> a g:Person .", "c.rdf": xml, "d.jsonld": jsonld}
    sources = read_files(tmp_path, files)
    assert triples(sources) == {(f":p/{n}", "rdf:type", "g:Person") for n in (1, 2, 3, 4)}
    assert [str(sources.locate(f"urn:graphsc:id:p/{n}")).rsplit("/", 1)[1] for n in (1, 2, 3, 4)] == [
        "a.yaml:1:12", "b.ttl:3:1", f"c.rdf:1:{xml.index('<g:') + 1}", "d.jsonld:1:1",
    ]  # fmt: skip


def test_many_problems_of_a_kind_are_counted_not_listed(tmp_path: Path) -> None:
    text = HEAD + "".join(f"<urn:x:{n}> g:custmer <urn:x:{n}> .\n" for n in range(150))
    problems = read_files(tmp_path, {"a.ttl": text}).problems
    assert len(problems) == 101
    assert problems[0].message.en == "There are 50 more of the kind unknown-term in the file."


RDF_XML = """\
<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY g "https://w3id.org/graphsc/ns#"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:g="https://w3id.org/graphsc/ns#">
  <g:Organisation rdf:about="urn:x:o" g:cvr="10150817"/>
  <rdf:Description rdf:about="urn:x:a">
    <rdf:type rdf:resource="&g;Agreement"/>
    <g:customer rdf:resource="urn:x:nobody"/>
    <g:supplier><g:Organisation rdf:about="urn:x:s"/></g:supplier>
  </rdf:Description>
</rdf:RDF>
"""


def test_rdf_xml_with_places(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.rdf": RDF_XML})
    assert faults(sources) == [("dangling-reference", "a.rdf:5:3")]
    assert about(sources, "urn:x:o") == {("rdf:type", "g:Organisation"), ("g:cvr", '"10150817"')}
    assert str(sources.locate("urn:x:o", v.G_CVR)).endswith(":4:3")
    assert str(sources.locate("urn:x:s")).endswith(":8:17")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RDF_XML.replace("</rdf:Description>", ""), [("unchecked-reference", "a.rdf:5:3"), ("syntax", "a.rdf:10:3")]),
        (RDF_XML.replace("xmlns:g=", "xmlns:h=").replace("g:cvr", "h:cvr"), [("syntax", "a.rdf:4:3")]),
        (
            RDF_XML.replace('"https://w3id.org/graphsc/ns#">', '"x"><!ENTITY h "&g;&g;&g;">', 1),
            [("xml-entity", "a.rdf:2:36")],
        ),
        (
            RDF_XML.replace('"https://w3id.org/graphsc/ns#">', 'SYSTEM "file:///etc/passwd">', 1),
            [("xml-entity", "a.rdf:2:21")],
        ),
    ],
)
def test_broken_and_dangerous_xml(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(read_files(tmp_path, {"a.rdf": text})) == expected


@pytest.mark.parametrize("encoding", ["i", "utf-7", "hex", "idna", "rot13", "utf-16", "latin-1"])
def test_xml_in_an_encoding_that_is_not_read(tmp_path: Path, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<rdf:RDF xmlns:rdf="{v.RDF}"/>\n'
    ((code, place),) = faults(read_files(tmp_path, {"a.rdf": text}))
    assert (code, place.split(":")[0]) == ("syntax", "a.rdf")


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        ('<g:Agreement rdf:about="http://a b/c"/>', 3),
        ('<g:Agreement rdf:about="urn:x:K">\n<g:customer rdf:resource="http://a b/"/></g:Agreement>', 4),
        ('<g:Agreement rdf:ID="a"/>\n<g:Agreement rdf:ID="a"/>', 4),
        ("<rdf:li/>", 3),
        ('<g:Agreement rdf:about="urn:x:K">text</g:Agreement>', 4),
        ('<g:Agreement rdf:about="urn:x:K">\n<g:start rdf:datatype="a b">x</g:start></g:Agreement>', 4),
        ('<g:Agreement rdf:about="urn:x:K" key="x"/>', 3),
    ],
)
def test_what_is_xml_and_no_rdf_is_placed_at_the_last_node_that_was_read(tmp_path: Path, inner: str, line: int) -> None:
    before = '<g:Organisation rdf:about="urn:x:a"/>\n<g:Organisation rdf:about="urn:x:b"/>\n'
    after = '\n<g:Organisation rdf:about="urn:x:c"/>\n</rdf:RDF>\n'
    text = f'<rdf:RDF xmlns:rdf="{v.RDF}" xmlns:g="{v.G}">\n{before}{inner}{after}'
    ((code, place),) = faults(read_files(tmp_path, {"a.rdf": text}))
    assert (code, place.split(":")[:2]) == ("syntax", ["a.rdf", str(line)])
