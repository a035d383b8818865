"""A folder to begin with: it validates, it is all there, and nothing of one's own is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from command import run
from importing import kitos
from workbooks import facts

from graphsc import __version__
from graphsc.sources import read

FILES = {
    "da": {"LÆSMIG.md", "data/kontrakter.yaml"},
    "en": {"README.md", "data/contracts.yaml"},
}
BOTH = {"graphsc.toml", ".github/workflows/graphsc.yml", ".gitlab-ci.yml"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_is_written_validates(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = 'Ærø: "Vagt" & {sø}'
    result = run("init", "new", "--name", name, "--base", "https://vagt.example/", "--lang", language)
    assert (result.exit_code, result.stderr) == (0, "")
    written = {str(path.relative_to("new")) for path in Path("new").rglob("*") if path.is_file()}
    assert written == FILES[language] | BOTH
    monkeypatch.chdir(tmp_path / "new")
    checked = run("validate", "data", "--as-of", "2026-11-25", "--lang", "en")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "no findings ·" in checked.stdout
    (data,) = Path("data").glob("*.yaml")
    assert name in str(yaml.safe_load(data.read_text(encoding="utf-8")))
    for file in (".gitlab-ci.yml", ".github/workflows/graphsc.yml"):
        text = Path(file).read_text(encoding="utf-8")
        assert yaml.safe_load(text)
        assert f"pip install ./graphsc-{__version__}-py3-none-any.whl" in text, (
            "a name that nobody holds could be anybody's"
        )


@pytest.mark.exhaustive
@pytest.mark.parametrize("origin", ["examples", "kitos"])
def test_a_register_may_begin_as_a_workbook(origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kitos(tmp_path / "kitos")
    given = ("--from", "kitos") if origin == "kitos" else ()
    base = "https://vagt.example/"
    for folder, more in (("text", ()), ("book", ("--workbook",))):
        assert run("init", folder, "--base", base, "--lang", "da", *given, *more).exit_code == 0
    (book,) = Path("book/data").iterdir()
    assert book.name == "register.xlsx"
    assert facts(read([book])) == facts(read([Path("text/data")]))


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("README.md").write_text("mine", encoding="utf-8")
    result = run("init", ".", "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "graphsc: README.md is there already; nothing was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_base_that_is_none_is_refused(tmp_path: Path) -> None:
    result = run("init", str(tmp_path / "new"), "--base", "mine/", "--lang", "en")
    assert result.exit_code == 2
    assert "--base is a whole IRI" in result.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_register_may_begin_with_an_import(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kitos(tmp_path / "kitos")
    result = run("init", "new", "--from", "kitos", "--base", "https://vagt.example/", "--lang", language)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Fryseransvarlig" in result.stdout
    written = {str(path.relative_to("new")) for path in Path("new").rglob("*") if path.is_file()}
    assert written == {path for path in FILES[language] if not path.startswith("data/")} | {"data/kitos.yaml"} | BOTH
    monkeypatch.chdir(tmp_path / "new")
    checked = run("validate", "data", "--as-of", "2026-11-25", "--lang", "en")
    assert (checked.exit_code in (0, 1), checked.stderr) == (True, "")
    again = run("import", "../kitos", "--as", "kitos", "--against", "data", "--lang", "en")
    assert "The register says the same." in again.stdout


def test_what_is_imported_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a Danish folder no file is called contracts because the kind of list that was imported is."""
    monkeypatch.chdir(tmp_path)
    rows = "Kontraktnummer;Kontrakt;Leverandør;Kunde\n7;Drift;Løngang;Kystvagten\n"
    Path("Kontrakter 2026.csv").write_text(rows, encoding="utf-8")
    assert run("init", "new", "--from", "Kontrakter 2026.csv", "--lang", "da").exit_code == 0
    assert [path.name for path in Path("new/data").iterdir()] == ["Kontrakter 2026.yaml"]


def test_nothing_is_written_when_the_import_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cut.json").write_text('{"uuid":', encoding="utf-8")
    result = run("init", "new", "--from", "cut.json", "--as", "kitos", "--lang", "en")
    assert (result.exit_code, "error[syntax]" in result.stderr, Path("new").exists()) == (2, True, False)
