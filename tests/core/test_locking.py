"""A lock holds between processes and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from repository import REPOSITORY

from graphsc.core.writing import locked


def test_a_lock_keeps_another_process_out_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before", encoding="utf-8")
    waiting = (
        "import sys; from pathlib import Path; from graphsc.core.writing import locked; folder = Path(sys.argv[1])\n"
        "print('waiting', flush=True)\n"
        "with locked(folder): print((folder / 'file').read_text())"
    )
    with locked(tmp_path):
        other = subprocess.Popen(
            [sys.executable, "-c", waiting, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "waiting\n"
        file.write_text("after", encoding="utf-8")
    assert other.communicate(timeout=60)[0] == "after\n"
    if os.name != "nt":
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
