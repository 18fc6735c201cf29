"""Errors are logged so that a developer finds the place, and nobody a code."""

from __future__ import annotations

import logging

from saleor_cdkeys.failure_log import log_failure

logger = logging.getLogger("saleor_cdkeys.tests")


def _fail():
    code = "SECRET-CODE-0001"
    try:
        int(code)
    except ValueError as error:
        raise RuntimeError(f"cannot read {code}") from error


def test_kinds_and_places_are_told_and_no_text(caplog):
    try:
        _fail()
    except RuntimeError as error:
        log_failure(logger, "Purchase 7 failed", error)

    (record,) = caplog.records
    assert record.exc_info is None
    assert "SECRET" not in caplog.text
    assert record.getMessage().startswith("Purchase 7 failed: RuntimeError at ")
    assert ", after ValueError at unit/test_failure_log.py:" in record.getMessage()
