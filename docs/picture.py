"""Makes the README's pictures from the demo authority: run ``python docs/picture.py``.

Its findings as they are printed, and its map and report as a browser shows them, for which Chromium is needed.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).parent.parent
SHOWN = ("SUB001", "FLW001", "RSK001")
THEME = TerminalTheme(
    (250, 250, 248),
    (36, 41, 47),
    [
        (36, 41, 47),
        (179, 29, 40),
        (26, 127, 55),
        (122, 78, 0),
        (9, 105, 218),
        (130, 80, 223),
        (5, 80, 110),
        (87, 96, 106),
    ],
)


def graphsc(command: str, *options: str) -> str:
    """What a command says of the demo authority."""
    words = [
        str(Path(sys.executable).with_name("graphsc")),
        command,
        "data/demo",
        "--as-of",
        "2026-11-25",
        "--lang",
        "en",
    ]
    return subprocess.run([*words, *options], cwd=ROOT, capture_output=True, text=True, check=False).stdout


def findings() -> None:
    """Keep one finding of each shown rule and the last line, and write ``docs/findings.svg``."""
    blocks = graphsc("validate", "--color", "--first", "0").rstrip("\n").split("\n\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", block) for block in blocks]
    chosen = [next(b for b, p in zip(blocks, plain, strict=True) if f"[{code}]" in p.split("\n")[0]) for code in SHOWN]
    shown = "\n\n".join(["$ graphsc validate data/demo --as-of 2026-11-25 --first 0", *chosen, "…", blocks[-1]])
    console = Console(record=True, width=112, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown))
    picture = console.export_svg(title="graphsc", theme=THEME, unique_id="findings")
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)  # nothing is fetched to show it
    picture = re.sub(r"<!--.*?-->\s*", "", picture, flags=re.DOTALL).replace("Fira Code", "ui-monospace")
    (ROOT / "docs" / "findings.svg").write_text(picture, encoding="utf-8")


def pages() -> None:
    """Photograph the map and the first page of the report."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        raise SystemExit("map.png and report.png need Chromium")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
    with TemporaryDirectory() as folder:
        for command, size in (("map", "1280,880"), ("report", "1280,1000")):
            page = Path(folder) / f"{command}.html"
            graphsc(command, "-o", str(page))
            picture = f"--screenshot={ROOT / 'docs' / command}.png"
            subprocess.run(
                [browser, *quiet, f"--window-size={size}", picture, page.as_uri()],
                check=True,
                capture_output=True,
            )


if __name__ == "__main__":
    findings()
    pages()
