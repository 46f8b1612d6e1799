"""The small world, served anew for each test."""

from collections.abc import Iterator

import pytest

from firnline import testing
from tests.fleet.small_world import served


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator
