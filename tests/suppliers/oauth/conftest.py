"""A clock that goes when it is told to."""

from __future__ import annotations

import dataclasses

import pytest

from saleor_cdkeys.suppliers import oauth


@dataclasses.dataclass
class Clock:
    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(oauth, "time", clock)
    return clock
