"""Questionnaires as text, Markdown, HTML, JSON and as a workbook, which is read again with its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core.document import Point, Section
from graphsc.core.text import Language, Text, capital
from graphsc.core.vocabulary import RDF_TYPE, STATEMENT, G
from graphsc.duties.words import partial
from graphsc.rendering import sections
from graphsc.rendering.contract import document
from graphsc.service.questions import Question, Questionnaire, Questions
from graphsc.sources.model import Source, Sources
from graphsc.sources.workbook.content import content
from graphsc.validation import wording

FORMATS = ("text", "markdown", "html", "json", "xlsx")
_TITLE = Text("Spørgsmål", "Questions")
_NONE = Text("Der er ingen åbne spørgsmål.", "No question is open.")
_STATEMENT, _RULE, _ELSE = Text("udsagn", "statement"), Text("regel", "rule"), Text("ellers", "otherwise")
_ABOUT, _OWN_ANSWER = Text("om", "about"), Text("svar indtil nu", "answer so far")
_HOW = (
    Text("Spørgsmål, der mangler svar", "Questions to be answered"),
    Text(
        "Skriv på arket Svar, om det er opfyldt, hvor det står, eller hvorfor det ikke er nødvendigt, og hvem der har svaret hvornår.",
        "On the sheet Answers, write whether it is fulfilled, where it stands or why it is not needed, and who answered when.",
    ),
    Text(
        "Læg filen blandt de andre filer med registret, når den er udfyldt. Rækker uden svar tæller ikke.",
        "Put the file among the other files of the register when it is filled in. Rows without an answer do not count.",
    ),
)
_GRAPH = NamedNode("urn:graphsc:source:questions")


def render(shown: Questions, form: str, *, language: Language) -> str | bytes:
    """The questionnaires in one of ``FORMATS``; bytes for a workbook."""
    if form == "xlsx":
        return _workbook(shown, language)
    if form == "json":
        return document("questions", shown)
    warning = partial(len(shown.problems), language)
    made = [_section(questionnaire, shown, language) for questionnaire in shown.questionnaires]
    return sections.page(form, _TITLE, made or [Section(sentences=(_NONE,))], language, warning=warning)


def _section(questionnaire: Questionnaire, shown: Questions, language: Language) -> Section:
    def name(iri: str) -> str:
        return shown.labels[iri][language]

    def point(question: Question) -> Point:
        actor = ", ".join(name(iri) for iri in (question.actor.organisation, question.actor.role) if iri)
        who = f"{actor}{f' ({name(question.actor.person)})' if question.actor.person else ''}"
        answer = question.answer
        notes = (
            (_ABOUT, name(question.subject) if question.subject != questionnaire.about else ""),
            (wording.WHO, who),
            (_ELSE, question.remedy[language]),
            (_OWN_ANSWER, " – ".join(filter(None, (wording.OUTCOMES[answer.outcome][language], answer.written_in, answer.reason))) if answer else ""),
            (_STATEMENT, question.statement),
            (_RULE, f"{question.rule} ({question.finding})"),
        )  # fmt: skip
        urgent = f"{capital(wording.URGENT[language])}: " if question.urgent else ""
        return Point(f"{urgent}{question.text[language]}", tuple((key, value) for key, value in notes if value))

    return Section(name(questionnaire.about), points=tuple(map(point, questionnaire.questions)))


def _workbook(shown: Questions, language: Language) -> bytes:
    """A workbook of unanswered answers: one row for each question, and the sheet that says how to answer."""
    # what writes workbooks is loaded only where one is written
    from graphsc.rendering.register.book import NAME, Lists, Register
    from graphsc.rendering.workbook import Book

    quads = [
        quad
        for made in shown.questionnaires
        for question in made.questions
        for quad in _unanswered(question, shown.base, language)
    ]
    arranged = content(Sources([Source.unplaced(quads, _GRAPH)], []), language=language, base=shown.base)
    arranged = replace(arranged, sheets=[filled for filled in arranged.sheets if filled.rows])
    book = Book(shown.as_of, _HOW[0][language])
    start = book.book.add_worksheet(arranged.layout.name_of("start")[language])
    for filled in arranged.sheets:
        book.book.add_worksheet(filled.sheet.name[language])
    lists = book.book.add_worksheet(NAME[language])
    lists.hide()
    Register(arranged, language, book, Lists(book, lists, arranged.layout, language)).sheets()
    for row, text in enumerate(_HOW):
        start.write_string(row, 0, text[language], book.look("help" if row else "title"))
    start.write_string(len(_HOW) + 1, 0, "base", book.look("id"))
    book.write(start, len(_HOW) + 1, 1, arranged.base, "id", language)
    start.set_column(0, 0, 100)
    return book.close()


def _unanswered(question: Question, base: str, language: Language) -> Iterator[Quad]:
    """The answer that is asked for, as far as it is known: to what, about what, and the question."""
    node = NamedNode(f"{base}svar/{question.finding}")
    values = (
        (RDF_TYPE, NamedNode(G + "Answer")),
        (G + "answers", NamedNode(STATEMENT + question.statement)),
        (G + "concerns", NamedNode(question.subject)),
        (G + "question", Literal(question.text[language])),
    )
    return (Quad(node, NamedNode(predicate), value, _GRAPH) for predicate, value in values)
