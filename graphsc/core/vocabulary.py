"""The IRIs that the code names; every other term is read from the ontology."""

from __future__ import annotations

G = "https://w3id.org/graphsc/ns#"
ROOT = "https://w3id.org/graphsc/"
_PLAIN = ROOT.replace("https", "http", 1)
SCHEME = ROOT + "scheme/"
PERIOD = ROOT + "period/"
PERIOD_SCHEME = SCHEME + "period"
LIMIT = ROOT + "limit/"
STATEMENT = ROOT + "statement/"
REGISTER = ROOT + "register/"
RULE = ROOT + "rule/"
COLUMN = ROOT + "column/"
QUESTION = ROOT + "question/"
COUNTRY = ROOT + "country/"
CONTEXT = ROOT + "context.jsonld"
LOCATION = "urn:graphsc:location:"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SHACL = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

RDF_TYPE = RDF + "type"
RDF_LANG_STRING = RDF + "langString"
RDFS_LABEL = RDFS + "label"
RDFS_DOMAIN = RDFS + "domain"
RDFS_RANGE = RDFS + "range"
RDFS_RESOURCE = RDFS + "Resource"
DOMAIN_INCLUDES = "https://schema.org/domainIncludes"
RANGE_INCLUDES = "https://schema.org/rangeIncludes"
HAS_UNIT = "http://qudt.org/schema/qudt/hasUnit"
UNIT_FRACTION, UNIT_PERCENT = (f"http://qudt.org/vocab/unit/{name}" for name in ("FRACTION", "PERCENT"))
PER_CENT = {UNIT_FRACTION: 2, UNIT_PERCENT: 0}
"""How many decimal places a number in each unit is shifted to become a percentage."""
RDFS_SUBCLASS_OF = RDFS + "subClassOf"
RDFS_SUBPROPERTY_OF = RDFS + "subPropertyOf"

OWL_CLASS = OWL + "Class"
OWL_OBJECT_PROPERTY = OWL + "ObjectProperty"
OWL_DATATYPE_PROPERTY = OWL + "DatatypeProperty"
OWL_ANNOTATION_PROPERTY = OWL + "AnnotationProperty"
OWL_FUNCTIONAL_PROPERTY = OWL + "FunctionalProperty"
OWL_INVERSE_OF = OWL + "inverseOf"

SKOS_CONCEPT = SKOS + "Concept"
SKOS_IN_SCHEME = SKOS + "inScheme"
SKOS_PREF_LABEL = SKOS + "prefLabel"
SKOS_ALT_LABEL = SKOS + "altLabel"
SKOS_DEFINITION = SKOS + "definition"

XSD_BOOLEAN = XSD + "boolean"
XSD_DATE = XSD + "date"
XSD_DECIMAL = XSD + "decimal"
XSD_INTEGER = XSD + "integer"
XSD_STRING = XSD + "string"
NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))

G_CODE = G + "code"
G_KEY = G + "key"
G_EXPECTED_OF = G + "expectedOf"
G_NAMESPACE = G + "namespace"
G_SCHEME = G + "scheme"
G_SHORTHAND = G + "shorthand"
G_CONTAINER = G + "container"
G_DERIVED = G + "derived"
G_SAID_OF = G + "saidOf"
G_IDENTIFYING = G + "identifying"

G_AGREEMENT = G + "Agreement"
G_FRAMEWORK_AGREEMENT = G + "FrameworkAgreement"
G_DELIVERY_AGREEMENT = G + "DeliveryAgreement"
G_SUBCONTRACT = G + "Subcontract"
G_EVIDENCE = G + "Evidence"
G_KIND = G + "kind"
G_DATE = G + "date"
G_ORGANISATION = G + "Organisation"

G_COUNTRY = G + "country"
G_CRITICALITY = G + "criticality"
G_CUSTOMER = G + "customer"
G_CVR = G + "cvr"
G_END = G + "end"
G_FROM = G + "from"
G_LEI = G + "lei"
G_OWNER = G + "owner"
G_SIGNED = G + "signed"
G_START = G + "start"
G_SUPPLIER = G + "supplier"
G_UNDER = G + "under"
G_UNDER_FRAMEWORK = G + "underFramework"
G_UNIT_OF = G + "unitOf"
G_UNTIL = G + "until"


def is_ours(iri: str) -> bool:
    """Whether an IRI begins as our terms, concepts and statements do, with http or https."""
    return iri.startswith((ROOT, _PLAIN)) and (iri.startswith(G) or not iri.startswith(G.rstrip("#")))


def local_name(iri: str) -> str:
    """The last part of an IRI, after ``#``, ``/`` or ``:``; the whole of it when nothing follows."""
    for mark in ("#", "/", ":"):
        if mark in iri:
            tail = iri.rsplit(mark, 1)[1]
            if tail:
                return tail
    return iri
