from __future__ import annotations

import logging

import pytest


@pytest.fixture(autouse=True)
def _haste(settings):
    """Nobody waits long here, as ``CDKEYS_SUPPLIER_TIMEOUT`` says."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 0.5
    settings.CDKEYS_SUPPLIER_CONNECT_TIMEOUT = 0.5


@pytest.fixture(autouse=True)
def log(caplog):
    """Everything that anybody logs, in as much detail as there is."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "saleor_cdkeys"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.fixture
def kept() -> list[bytes]:
    """For the answers that an adapter has kept."""
    return []


@pytest.fixture
def noted() -> list[str]:
    """For the ids of orders that an adapter tells before it goes on."""
    return []
