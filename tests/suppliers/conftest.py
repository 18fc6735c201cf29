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
