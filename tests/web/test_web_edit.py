"""Writing at the desk: a form from the rule's example, the very lines before they are written, undo, and no one else's form."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from case_files import FOLDER as CASES
from desks import HOST, REGISTER, Served, register, served
from workbooks import as_workbook

pytest.importorskip("starlette")

from graphsc.core.text import Language, Text
from graphsc.sources import read
from graphsc.validation.examples import Entry
from graphsc.web.edit.writing import CannotInsert, inserted
from graphsc.web.visit import duty_key
from graphsc.web.words import WORDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return register(
        tmp_path / "data", REGISTER.replace("{leverandør: org/sky,", "{id: under/sky, leverandør: org/sky,")
    )


@pytest.fixture
def site(folder: Path) -> Iterator[Served]:
    with served(folder, editing=True) as server:
        yield server


def test_each_line_of_the_to_do_list_leads_to_its_form(site: Served) -> None:
    page = site.get("/en/duties?view=todo").text
    assert f'href="/en/edit/finding/{unapproved(site)}"' in page
    for address in set(re.findall('href="(/en/edit/(?:duty|finding)/[^"]+)"', page)):
        assert site.get(address).status_code == 200


def unapproved(site: Served) -> str:
    return next(
        str(finding.fingerprint)
        for finding in site.desk.state.report.findings
        if finding.code == "SUB001" and finding.counts
    )


def fields(page: str) -> dict[str, str]:
    """The fields of the form on a page, with what they hold."""
    page = page[page.index('class="fields"') :]
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None:
            values[name[1]] = unescape(value[1]) if value is not None else ""
    for select in re.findall(r"<select.*?</select>", page, re.DOTALL):
        name = re.search(r'name="([^"]*)"', select)
        options = re.findall(r'<option value="([^"]*)"', select)
        assert name is not None
        values[name[1]] = unescape(next((option for option in options if option), ""))
    return values


def post(site: Served, path: str, given: dict[str, str], **headers: str) -> Any:
    return site.client.post(path, data=given, headers={"origin": f"http://{HOST}", **headers}, follow_redirects=False)


def test_a_finding_is_closed_by_its_form_and_opened_again_by_undo(site: Served, folder: Path) -> None:
    before = (folder / "register.yaml").read_bytes()
    path = f"/da/edit/finding/{unapproved(site)}"
    given = fields(site.get(path).text)
    given |= {"v0": "2024-05-12", "v1": "2024-1187", "do": "preview"}
    preview = post(site, path, given)
    assert preview.status_code == 200
    assert "godkendelse: {dato: 2024-05-12" in unescape(preview.text)
    assert "Fund, det lukker (1)" in preview.text
    assert (folder / "register.yaml").read_bytes() == before

    saved = post(site, path, fields(preview.text) | {"do": "save"})
    assert saved.status_code == 303
    text = (folder / "register.yaml").read_text(encoding="utf-8")
    assert text.startswith("# The register of an invented authority.\n")
    assert set(before.decode().splitlines()) - set(text.splitlines()) == {
        "      - {id: under/sky, leverandør: org/sky, start: 2024-06-01}"
    }
    assert not [finding for finding in site.desk.state.report.findings if finding.code == "SUB001" and finding.counts]

    done = site.get(saved.headers["location"])
    undone = post(site, saved.headers["location"].replace("done", "undo"), fields(done.text))
    assert "taget tilbage" in undone.text
    assert (folder / "register.yaml").read_bytes() == before
    assert unapproved(site)


@pytest.mark.exhaustive
def test_what_was_looked_at_is_not_worked_out_again_when_it_is_saved_and_undone(
    site: Served, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graphsc.web import desk

    read, readings = desk.read, list[Any]()

    def counted(*given: Any) -> Any:
        readings.append(given)
        return read(*given)

    monkeypatch.setattr(desk, "read", counted)
    first, before = site.desk.state.report, (folder / "register.yaml").read_bytes()
    path = f"/da/edit/finding/{unapproved(site)}"
    preview = post(site, path, fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"})
    saved = post(site, path, fields(preview.text) | {"do": "save"})
    assert not site.desk.changed()
    state = site.desk.state
    fresh = read(site.desk.paths, site.desk.configured(), 0)
    assert (state.report, state.duties) == (fresh.report, fresh.duties)
    assert state.number == 2
    done = site.get(saved.headers["location"]).text
    assert post(site, saved.headers["location"].replace("done", "undo"), fields(done)).status_code == 200
    assert (site.desk.state.report, site.desk.state.number) == (first, 3)
    assert not site.desk.changed()
    assert readings == []
    assert (folder / "register.yaml").read_bytes() == before


def test_what_others_saved_meanwhile_is_read_when_one_saves_here(site: Served, folder: Path) -> None:
    path = f"/da/edit/finding/{unapproved(site)}"
    preview = post(site, path, fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"})
    (folder / "more.yaml").write_text("organisationer:\n  - {id: org/ny, navn: Ny Leverandør}\n", encoding="utf-8")
    assert post(site, path, fields(preview.text) | {"do": "save"}).status_code == 303
    assert site.get("/da/org/ny").status_code == 200
    assert not [finding for finding in site.desk.state.report.findings if finding.code == "SUB001" and finding.counts]


def test_what_was_written_is_listed_with_what_can_be_undone(site: Served, folder: Path) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    assert "Nothing was written" in site.get("/en/edit/done").text
    preview = post(site, path, fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"})
    post(site, path, fields(preview.text) | {"do": "save"})
    listed = site.get("/en/edit/done").text
    undo = re.search(r'action="(/en/edit/undo/\d+)"', listed)
    assert undo is not None
    assert "register.yaml" in listed
    with (folder / "register.yaml").open("a", encoding="utf-8") as file:
        file.write("# a colleague was here\n")
    changed = site.get("/en/edit/done").text
    assert "the file has changed since" in changed
    assert "/edit/undo/" not in changed


def test_a_file_that_changed_meanwhile_is_left_alone(site: Served, folder: Path) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"}
    preview = post(site, path, given)
    changed = (folder / "register.yaml").read_text(encoding="utf-8") + "# a colleague was here\n"
    (folder / "register.yaml").write_text(changed, encoding="utf-8")
    refused = post(site, path, fields(preview.text) | {"do": "save"})
    assert refused.status_code == 409
    assert "changed meanwhile" in refused.text
    assert (folder / "register.yaml").read_text(encoding="utf-8") == changed


def test_a_full_disk_loses_nothing(site: Served, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from graphsc.web.edit import writing

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = (folder / "register.yaml").read_bytes()
    path = f"/en/edit/finding/{unapproved(site)}"
    preview = post(site, path, fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"})
    monkeypatch.setattr(writing, "write_whole", full)
    refused = post(site, path, fields(preview.text) | {"do": "save"})
    assert refused.status_code == 507
    assert "no space" in refused.text
    assert (folder / "register.yaml").read_bytes() == before


def test_a_finding_is_accepted_with_a_reason_until_a_day(site: Served, folder: Path) -> None:
    path = f"/en/edit/waiver/{unapproved(site)}"
    page = site.get(path).text
    assert "<h1>Accept the finding until a day</h1>" in page
    assert ">Until</label>" in page
    given = fields(page)
    open_ = [name for name in given if re.fullmatch(r"v\d", name)]
    assert len(open_) == 4
    ids = [given[name] for name in open_ if "/" in given[name] and not given[name].startswith(("org/", "person/"))]
    assert ids == ["accepterede-fund/1"]
    dates = re.findall(r'name="(v\d)" type="date"', page)
    assert len(dates) == 1
    given |= dict.fromkeys(open_, "waiver/one") | {dates[0]: "2027-01-01", "do": "preview"}
    preview = unescape(post(site, path, given).text)
    assert "regel: SUB001" in preview or "rule: SUB001" in preview


@pytest.mark.parametrize(
    "value",
    [
        "x}\nkontrakter: []",
        "a: b",
        "{x: y}",
        "'",
        '"',
        "<script>",
        "# no comment",
        "- x",
        "*alias",
        "&a b",
        "!!python/x",
        "\u202e",
    ],
)
def test_a_value_is_never_more_than_a_value(site: Served, folder: Path, value: str) -> None:
    import yaml

    path = f"/en/edit/finding/{unapproved(site)}"
    given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": value, "do": "preview"}
    preview = post(site, path, given)
    assert "<script>" not in preview.text
    saved = post(site, path, fields(preview.text) | {"do": "save"})
    if saved.status_code == 303:
        document = yaml.safe_load((folder / "register.yaml").read_text(encoding="utf-8"))
        assert list(document) == ["base", "organisationer", "systemer", "kontrakter"]
        assert document["kontrakter"][0]["underleverandører"][0]["godkendelse"]["journal"] == value.strip()


def test_another_page_cannot_write(site: Served, folder: Path) -> None:
    before = (folder / "register.yaml").read_bytes()
    path = f"/en/edit/finding/{unapproved(site)}"
    given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"}
    given = fields(post(site, path, given).text) | {"do": "save"}
    assert post(site, path, given | {"token": "0" * 64}).status_code == 403
    assert post(site, path, {key: value for key, value in given.items() if key != "token"}).status_code == 403
    assert post(site, path, given, origin="http://evil.example").status_code == 403
    assert post(site, path, given, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert post(site, path, given | {"file": "/etc/passwd"}).status_code == 422
    assert post(site, path, given | {"file": "../secret.yaml"}).status_code == 422
    site.client.cookies.clear()
    assert post(site, path, given).status_code == 403
    assert (folder / "register.yaml").read_bytes() == before


@pytest.mark.exhaustive
def test_the_answer_to_a_form_is_not_read_again_by_itself(site: Served) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    form = site.get(path).text
    assert "<body data-state=" in form
    assert "<body>" in post(site, path, fields(form) | {"v0": "2024-05-12", "v1": "x", "do": "preview"}).text
    assert "if (!document.body.hasAttribute(" in site.get("/static/live.js").text


def test_what_is_missing_is_asked_for(site: Served) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    answer = post(site, path, fields(site.get(path).text) | {"v0": "yesterday", "do": "save"})
    assert answer.status_code == 422
    assert "Fill in" in answer.text


def test_without_edit_there_are_no_forms(folder: Path) -> None:
    with served(folder) as site:
        path = f"/en/edit/finding/{unapproved(site)}"
        assert site.get(path).status_code == 404
        assert post(site, path, {}).status_code in {404, 405}
        assert "/edit/" not in site.get(f"/en/findings/{unapproved(site)}").text


def git(folder: Path, *words: str) -> str:
    import subprocess

    alone = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "PATH": os.environ["PATH"]}
    ended = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=True, text=True, env=alone)
    return ended.stdout


def test_each_change_is_a_commit_where_the_user_asks_for_it(folder: Path) -> None:
    from graphsc.web.edit.writing import Committing

    git(folder, "init", "-q")
    git(folder, "config", "user.name", "A Register")
    git(folder, "config", "user.email", "register@nordlys.example")
    git(folder, "add", "."), git(folder, "commit", "-qm", "Begin")
    (folder / "other.txt").write_text("not ours\n", encoding="utf-8")
    git(folder, "add", "other.txt")
    committing = Committing()
    assert committing.why_not(folder) is None
    with served(folder, editing=True, committing=committing) as site:
        path = f"/en/edit/finding/{unapproved(site)}"

        def save() -> tuple[str, str]:
            preview = post(site, path, fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"})
            saved = post(site, path, fields(preview.text) | {"do": "save"}).headers["location"]
            return saved, site.get(saved).text

        saved, done = save()
        assert "No commit" not in done
        assert git(folder, "show", "--name-only", "--format=%s").splitlines()[-1] == "register.yaml"
        assert "Sky Drift" in git(folder, "log", "-1", "--format=%s")
        post(site, saved.replace("done", "undo"), fields(done))
        assert git(folder, "log", "-1", "--format=%s").startswith("Undo: ")
        assert git(folder, "status", "--porcelain") == "A  other.txt\n"
        with (folder / "register.yaml").open("a", encoding="utf-8") as file:
            file.write("# work of a colleague\n")
        site.desk.reload()
        assert "not in git" in save()[1]
        assert git(folder, "rev-list", "--count", "HEAD") == "3\n"


def test_what_is_in_no_repository_cannot_be_committed(tmp_path: Path) -> None:
    from graphsc.web.edit.writing import Committing

    assert Committing().why_not(tmp_path) is not None


def test_the_log_says_who_wrote_which_lines(site: Served, caplog: pytest.LogCaptureFixture) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    preview = post(site, path, fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "a <b>", "do": "preview"})
    with caplog.at_level(logging.INFO, "graphsc.access"):
        given = fields(preview.text)
        post(site, path, given | {"do": "save"})
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "graphsc.access"]
    written = next(line for line in lines if line.get("did") == "write")
    assert written["file"].endswith("register.yaml")
    assert any("a <b>" in line for line in written["lines"])
    assert given["token"] not in caplog.text


ENTRY = Entry("aktiviteter", (("slags", ("tilsyn",)), ("dato", ("2024-01-01",))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "aktiviteter:\n  - {slags: tilsyn, dato: 2024-01-01}\n"),
        ("base: x  # c", "base: x  # c\n\naktiviteter:\n  - {slags: tilsyn, dato: 2024-01-01}\n"),
        (
            "aktiviteter:\n- a: 1  # one\n  # after\n\n# of b\nb: 2\n",
            "aktiviteter:\n- a: 1  # one\n- {slags: tilsyn, dato: 2024-01-01}\n  # after\n\n# of b\nb: 2\n",
        ),
        ("activities: [{a: 1}]\n", "activities: [{a: 1}, {slags: tilsyn, dato: 2024-01-01}]\n"),
        (
            "aktiviteter:\r\n    -   a: |\r\n          text\r\n",
            "aktiviteter:\r\n    -   a: |\r\n          text\r\n    - {slags: tilsyn, dato: 2024-01-01}\r\n",
        ),
    ],
)
def test_an_entry_is_put_in_and_all_else_stays(text: str, expected: str) -> None:
    assert inserted(text, ENTRY) == expected


def test_keys_go_to_the_entry_that_is_there() -> None:
    entry = Entry("kontrakter", (("id", ("k/1",)), ("klausuler", ("revision", "exit")), ("journal", ("J-1",))))
    text = "kontrakter:\n  - id: k/1\n    klausuler: [\n      exit,\n    ]  # more\n  - {id: k/2}\n"
    assert inserted(text, entry) == (
        "kontrakter:\n  - id: k/1\n    klausuler: [\n      exit, revision,\n    ]  # more\n    journal: J-1\n  - {id: k/2}\n"
    )


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "{a: 1}\n", "aktiviteter: none\n", "a: 1\n---\nb: 2\n"])
def test_a_file_that_takes_no_entry_is_left_alone(text: str) -> None:
    with pytest.raises(CannotInsert):
        inserted(text, ENTRY)


def test_undo_takes_back_its_own_change_and_never_a_later_one(site: Served, folder: Path) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"

    def save() -> tuple[str, dict[str, str]]:
        given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"}
        saved = post(site, path, fields(post(site, path, given).text) | {"do": "save"}).headers["location"]
        return saved.replace("done", "undo"), fields(site.get(saved).text)

    first, token = save()
    assert post(site, first, token).status_code == 200
    second, _ = save()
    after = (folder / "register.yaml").read_bytes()
    assert second != first
    assert post(site, first, token).status_code == 404
    assert (folder / "register.yaml").read_bytes() == after


def test_undo_leaves_a_file_alone_that_was_changed_by_hand_since(site: Served, folder: Path) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x", "do": "preview"}
    saved = post(site, path, fields(post(site, path, given).text) | {"do": "save"}).headers["location"]
    token = fields(site.get(saved).text)
    changed = (folder / "register.yaml").read_text(encoding="utf-8") + "# a colleague was here\n"
    (folder / "register.yaml").write_text(changed, encoding="utf-8")
    refused = post(site, saved.replace("done", "undo"), token)
    assert (refused.status_code, "changed meanwhile" in refused.text) == (409, True)
    assert (folder / "register.yaml").read_text(encoding="utf-8") == changed


@pytest.mark.parametrize("undoing", [False, True], ids=["saves", "takes back"])
def test_of_two_desks_that_write_at_once_the_second_sees_what_the_first_wrote(
    folder: Path, undoing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One desk is held between its comparison and its writing, until the other writes or waits for it."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from desks import configured

    from graphsc.core.writing import locked, write_whole
    from graphsc.web.desk import Desk
    from graphsc.web.edit import writing

    desks = [writing.Writing(Desk((folder,), configured)) for _ in range(2)]
    finding = next(item for item in desks[0]._desk.state.report.findings if item.code == "SUB001")
    file = folder / "register.yaml"

    def save(desk: Any, journal: str) -> Any:
        entry = Entry("aktiviteter", (("slags", ("tilsyn",)), ("dato", ("2024-01-01",)), ("journal", (journal,))))
        was = writing.digest(before)
        return desk.save(str(file), [entry], finding, was, title=Text("Prøve", "Trial"), writer=None)

    before = file.read_bytes()
    if undoing:
        number = save(desks[0], "J-0").number
        desks[1]._desk.reload()
        before = file.read_bytes()
    held, reached = Event(), Event()

    def write(*given: Any, **how: Any) -> None:
        (reached if held.is_set() else held).set()
        assert reached.wait(60)
        write_whole(*given, **how)

    def lock(place: Path) -> Any:
        if held.is_set():
            reached.set()
        return locked(place)

    monkeypatch.setattr(writing, "write_whole", write)
    monkeypatch.setattr(writing, "locked", lock, raising=False)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(desks[0].undo, number) if undoing else threads.submit(save, desks[0], "J-1")
        assert held.wait(60)
        second = threads.submit(save, desks[1], "J-2")
        first.result()
        with pytest.raises(CannotInsert, match="changed meanwhile"):
            second.result()
    text = file.read_text(encoding="utf-8")
    assert ("J-0" in text, "J-1" in text, "J-2" in text) == (False, not undoing, False)


def test_a_link_out_of_the_folder_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    (folder / "register.yaml").rename(outside)
    (folder / "register.yaml").symlink_to(outside)
    (folder / "more.yaml").write_text("organisationer:\n  - {id: org/ny, navn: Ny Leverandør}\n", encoding="utf-8")
    before = outside.read_bytes()
    with served(folder, editing=True) as site:
        path = f"/en/edit/finding/{unapproved(site)}"
        given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "x"}
        for do in ("preview", "save"):
            assert post(site, path, {**given, "file": str(folder / "register.yaml"), "do": do}).status_code == 422
    assert outside.read_bytes() == before
    with served(folder / "register.yaml", editing=True) as site:  # which the user named
        assert f'value="{folder / "register.yaml"}"' in site.get(path).text


@pytest.mark.parametrize(("language", "said"), [("da", "efter vurderingsdatoen"), ("en", "after the evaluation date")])
def test_what_was_done_was_not_done_on_a_day_to_come(site: Served, folder: Path, language: str, said: str) -> None:
    before = (folder / "register.yaml").read_bytes()
    path = f"/{language}/edit/finding/{unapproved(site)}"
    page = site.get(path).text
    assert 'max="2026-11-25"' in page
    for do in ("preview", "save"):
        answer = post(site, path, fields(page) | {"v0": "2026-11-26", "v1": "x", "do": do})
        assert answer.status_code == 422
        assert said in answer.text
    assert post(site, path, fields(page) | {"v0": "2026-11-25", "v1": "x", "do": "preview"}).status_code == 200
    assert (folder / "register.yaml").read_bytes() == before


@pytest.mark.exhaustive
def test_what_was_written_leads_to_the_findings_that_it_opened(site: Served) -> None:
    path = f"/en/edit/finding/{unapproved(site)}"
    given = fields(site.get(path).text) | {"v0": "2024-05-12", "v1": "2024-1187", "do": "preview"}
    preview = post(site, path, given)
    saved = post(site, path, fields(preview.text) | {"do": "save"})
    done = site.get(saved.headers["location"]).text
    opened = re.findall(r'<a href="(/en/findings/[0-9a-f]+)"', done)
    assert opened
    assert not re.findall(r'<a href="(/en/findings/[0-9a-f]+)"', preview.text)  # they are not there yet
    assert all(site.get(address).status_code == 200 for address in opened)


@pytest.mark.exhaustive
def test_a_preview_says_that_the_duty_is_still_overdue(site: Served) -> None:
    duty = next(
        duty
        for duty in site.desk.state.duties
        if duty.rule == "CON001"
        and duty.state == "overdue"
        and 'type="date"' in site.get(f"/da/edit/duty/{duty_key(duty)}").text
    )
    path = f"/da/edit/duty/{duty_key(duty)}"

    def preview(day: str) -> str:
        page = site.get(path).text
        given = fields(page)
        given |= {name: given[name] or "x" for name in given if re.fullmatch(r"v\d", name)}
        given |= dict.fromkeys(re.findall(r'name="(v\d)" type="date"', page), day)
        return str(unescape(post(site, path, given | {"do": "preview"}).text))

    assert "Pligten er stadig forfalden" in preview("2024-06-02")
    assert "Pligten er stadig" not in preview("2026-11-25")


@pytest.mark.parametrize(("language", "sheet"), [("da", "Ark "), ("en", "Sheet ")])
def test_what_is_kept_in_a_workbook_is_told_by_sheet_and_column(
    folder: Path, tmp_path: Path, language: str, sheet: str
) -> None:
    book = as_workbook(read([folder]), tmp_path / "register.xlsx")
    with served(book, editing=True) as site:
        finding = unapproved(site)
        shown = site.get(f"/{language}/findings/{finding}").text
        assert sheet in shown
        assert "godkendelse:" not in shown
        for kind, column in (("finding", "Dato ="), ("waiver", "Begrundelse =")):
            page = site.get(f"/{language}/edit/{kind}/{finding}").text
            assert WORDS["by_hand"][Language(language)] in page
            assert sheet in page
            assert column in unescape(page)
            assert 'class="fields"' not in page


@pytest.mark.exhaustive
def test_what_is_kept_in_a_workbook_may_be_written_to_a_file_beside_it(folder: Path, tmp_path: Path) -> None:
    book = as_workbook(read([folder]), tmp_path / "register.xlsx")
    beside = tmp_path / "more.yaml"
    beside.write_text("base: https://nordlys.example/\norganisationer:\n  - {id: org/ny, navn: Ny}\n", encoding="utf-8")
    with served(book, beside, editing=True) as site:
        page = site.get(f"/en/edit/finding/{unapproved(site)}").text
        assert "Sheet " in page
        assert WORDS["or_in_file"].en in page
        assert fields(page)["file"].endswith("more.yaml")


@pytest.mark.exhaustive
@pytest.mark.parametrize("written", ["40 %", "40,0 %", "40%", "40"])
def test_a_share_is_taken_as_it_is_shown(tmp_path: Path, written: str) -> None:
    case = (CASES / "SEL005.yaml").read_text(encoding="utf-8")
    lines = [line for line in case.splitlines(keepends=True) if not line.lstrip(" #+").startswith("weight of")]
    folder = register(tmp_path / "data", "".join(lines))
    with served(folder, editing=True) as site:
        finding = next(finding for finding in site.desk.state.report.findings if finding.code == "SEL005")
        path = f"/da/edit/finding/{finding.fingerprint}"
        given = fields(site.get(path).text)
        preview = post(site, path, {**given, "v0": written, "do": "preview"})
        assert post(site, path, fields(preview.text) | {"do": "save"}).status_code == 303
        assert finding.fingerprint not in {other.fingerprint for other in site.desk.state.report.findings}


@pytest.mark.exhaustive
def test_a_form_is_written_in_the_language_of_its_file(folder: Path) -> None:
    english = REGISTER.replace("kontrakter:", "contracts:").replace("organisationer:", "organisations:")
    english = english[english.index("base:") : english.index("organisations:")] + english[english.index("contracts:") :]
    (folder / "english.yaml").write_text(english.replace("kontrakt/drift", "contract/hosting"), encoding="utf-8")
    with served(folder, editing=True) as site:
        findings = [
            finding for finding in site.desk.state.report.findings if finding.code == "CON001" and finding.counts
        ]
        added = {}
        for finding in findings:
            path = f"/en/edit/finding/{finding.fingerprint}"
            given = fields(site.get(path).text)
            filled = {name: value or "2026-11-20" for name, value in given.items()}
            added[finding.subject.rpartition("/")[2]] = post(site, path, {**filled, "do": "preview"}).text
    assert "dato: 2026-11-20" in added["drift"]
    assert "date: 2026-11-20" in added["hosting"]
