"""Draws the README's picture from what the demo authority's findings print: run ``python docs/picture.py``."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

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


def main() -> None:
    """Keep one finding of each shown rule and the last line, and write ``docs/findings.svg``."""
    command = [str(Path(sys.executable).with_name("graphsc")), "validate", "data/demo", "--as-of", "2026-11-25"]
    output = subprocess.run(
        [*command, "--lang", "en", "--color"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    blocks = output.stdout.rstrip("\n").split("\n\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", block) for block in blocks]
    chosen = [next(b for b, p in zip(blocks, plain, strict=True) if f"[{code}]" in p.split("\n")[0]) for code in SHOWN]
    shown = "\n\n".join(["$ graphsc validate data/demo --as-of 2026-11-25", *chosen, "…", blocks[-1]])
    console = Console(record=True, width=112, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown))
    picture = console.export_svg(title="graphsc", theme=THEME, unique_id="findings")
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)  # nothing is fetched to show it
    picture = re.sub(r"<!--.*?-->\s*", "", picture, flags=re.DOTALL).replace("Fira Code", "ui-monospace")
    (ROOT / "docs" / "findings.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
