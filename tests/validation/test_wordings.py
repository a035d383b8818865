"""The checks of wording against a list of good and bad wordings, with every hit, miss and false alarm counted.

`wordings.csv` says of each wording what a reader would object to. The words that the rules look for cannot know what a
text means, so the table below is part of the specification: it says how far they can be trusted, and a change of the
words shows what it does to it.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from graphsc.core.settings import Settings
from graphsc.service import open_paths, validate

FILE = Path(__file__).parent / "wordings.csv"
CODES = [f"SMT{number:03}" for number in range(1, 10)]


@cache
def wordings() -> tuple[tuple[str, frozenset[str]], ...]:
    """Each wording with the codes of what is wrong with it."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple((row["text"], frozenset(row["faults"].split())) for row in csv.DictReader(lines))


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> list[frozenset[str]]:
    """What the rules object to in each wording."""
    agreements = [  # each stands alone: what one requirement on backup leaves out, another of its agreement may say
        {
            "id": f"kontrakt/{number}",
            "kunde": "org/kunde",
            "leverandør": "org/leverandør",
            "registre": ["kravspecifikation"],
            "krav": [{"id": f"krav/{number}", "tekst": text}],
        }
        for number, (text, _) in enumerate(wordings())
    ]
    file = tmp_path_factory.mktemp("wordings") / "ord.yaml"
    content = {"organisationer": ["org/kunde", "org/leverandør"], "kontrakter": agreements}
    file.write_text("base: https://wordings.example/\n" + yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    report, _ = validate(open_paths([file], Settings(as_of=date(2026, 11, 25), select=("SMT",))))
    assert report.problems == ()
    codes: dict[int, set[str]] = {}
    for finding in report.findings:
        codes.setdefault(int(finding.subject.rpartition("/")[2]), set()).add(finding.code)
    return [frozenset(codes.get(number, ())) for number in range(len(wordings()))]


def test_the_list_is_worth_measuring_on() -> None:
    texts = [text for text, _ in wordings()]
    assert len(set(texts)) == len(texts)
    good = [text for text, faults in wordings() if not faults]
    assert len(good) >= 60
    assert len(texts) - len(good) >= 60
    per_code = Counter(code for _, faults in wordings() for code in faults)
    assert set(per_code) == set(CODES)
    for language in ("Leverandøren", "The supplier"):
        assert len([text for text in good if text.startswith(language)]) >= 20


def test_hits_misses_and_false_alarms(reported: list[frozenset[str]]) -> None:
    judged = list(zip((faults for _, faults in wordings()), reported, strict=True))
    table = {
        code: (
            sum(code in faults and code in said for faults, said in judged),
            sum(code in faults and code not in said for faults, said in judged),
            sum(code not in faults and code in said for faults, said in judged),
        )
        for code in CODES
    }
    assert table == {  # hits, misses, false alarms
        "SMT001": (20, 0, 0),
        "SMT002": (18, 0, 2),
        "SMT003": (9, 0, 0),
        "SMT004": (7, 1, 2),
        "SMT005": (3, 0, 0),
        "SMT006": (8, 0, 0),
        "SMT007": (9, 0, 0),
        "SMT008": (6, 1, 0),
        "SMT009": (7, 0, 0),
    }


def test_the_rate_of_false_alarms(reported: list[frozenset[str]]) -> None:
    good = [said for (_, faults), said in zip(wordings(), reported, strict=True) if not faults]
    assert (sum(map(bool, good)), len(good)) == (3, 61)


def test_what_is_missed_and_what_is_a_false_alarm(reported: list[frozenset[str]]) -> None:
    wrong = {
        text: (" ".join(sorted(faults - said)), " ".join(sorted(said - faults)))
        for (text, faults), said in zip(wordings(), reported, strict=True)
        if faults != said
    }
    assert wrong == {  # missed, false alarm
        # no word gives it away
        "The supplier shall take care of security.": ("SMT004", ""),
        # a product that is not on the list
        "Leverandøren skal bruge antivirus fra Trend Micro på alle servere.": ("SMT008", ""),
        # short, and yet it can be answered with yes or no
        "Leverandøren skal bistå kunden ved tilsyn.": ("", "SMT004"),
        "Leverandøren udpeger en sikkerhedsansvarlig.": ("", "SMT004"),
        # the number makes the word harmless
        "Leverandøren skal stille tilstrækkelig kapacitet til 500 samtidige brugere til rådighed.": ("", "SMT002"),
        "The supplier shall provide sufficient capacity for 500 concurrent users.": ("", "SMT002"),
    }
