"""Some damaged files with every run of the tests, always the same; ``make fuzz`` takes more."""

from __future__ import annotations

import fuzz
import pytest


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_in_a_file_reading_it_ends_and_names_a_line_that_there_is(seed: int) -> None:
    files = fuzz.originals()
    assert [wrong for number in range(seed * 20, seed * 20 + 20) if (wrong := fuzz.fault(number, files))] == []
