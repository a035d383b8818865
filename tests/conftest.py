"""Settings of the whole suite."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes depends on what else the machine does; it says nothing of whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
