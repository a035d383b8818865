"""Why something cannot be done, in both languages."""

import errno
import os

import pytest

from graphsc.core.problems import _DANISH, reason_of


@pytest.mark.parametrize("number", _DANISH)
def test_a_reason_of_the_operating_system_is_in_the_language_of_the_reader(number: int) -> None:
    reason = reason_of(OSError(number, os.strerror(number)))
    assert reason.en == os.strerror(number)
    assert reason.da != reason.en


def test_any_other_reason_is_as_the_system_gives_it() -> None:
    assert reason_of(OSError(errno.ELOOP, "loop")).da == "loop"
    assert reason_of(OSError(errno.ENOSPC, "x")).da == "ingen plads"
