"""Our error tree as Saleor's errors: which field, which code, and that no code is forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import saleor_cdkeys
from saleor_cdkeys.errors import (
    CdKeysError,
    ConfigurationError,
    EncryptionKeyError,
    InvalidInput,
    InvalidValues,
    LeaseLost,
    MoveRefused,
    SealBroken,
)
from saleor_cdkeys.graphql.errors import CdKeyErrorCode, errors_of

_PACKAGE = Path(saleor_cdkeys.__file__).parent


def _told(error, **options):
    return [(one.field, one.message, one.code) for one in errors_of(error, **options)]


@pytest.mark.parametrize(
    ("error", "field", "code"),
    [
        (InvalidInput("text", field="key_product", code="not_found"), "keyProduct", "not_found"),
        (InvalidInput("text", field="id"), "id", "invalid"),
        (InvalidInput("text", field="x", code="somebody_s_own"), "x", "invalid"),
        (ConfigurationError("text"), None, "configuration"),
        (EncryptionKeyError("text"), None, "encryption_key"),
        (SealBroken("text"), None, "seal_broken"),
        (LeaseLost("text"), None, "lease_lost"),
        (CdKeysError("text"), None, "invalid"),
    ],
)
def test_an_error_keeps_its_text_and_tells_its_field_and_code(error, field, code):
    assert _told(error) == [(field, "text", code)]


def test_each_problem_of_a_form_is_an_error_of_its_own():
    error = InvalidValues({"min_margin_percent": "one", "secrets.api_key": "two"})

    assert _told(error) == [
        ("minMarginPercent", "one", "invalid"),
        ("secrets.api_key", "two", "invalid"),
    ]


def test_a_refused_move_is_the_key_order_s():
    error = MoveRefused(from_status="waiting", to_status="delivered", why="no keys.")

    assert _told(error) == [
        ("id", "A key order that is waiting cannot become delivered: no keys.", "move_refused")
    ]


def test_a_field_is_called_as_the_caller_knows_it():
    error = InvalidInput("text", field="recipient")

    assert _told(error, renamed={"recipient": "other_email"}) == [("otherEmail", "text", "invalid")]


def test_every_code_that_the_services_give_is_known():
    given = {"invalid"}
    for layer in ("acquisition", "orders", "delivery", "channel_settings.py", "graphql"):
        path = _PACKAGE / layer
        for module in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidInput":
                    given |= {
                        keyword.value.value for keyword in node.keywords if keyword.arg == "code"
                    }

    known = {value.value for value in CdKeyErrorCode._meta.enum}
    assert len(given) > 10
    assert given <= known
    assert all(value.description for value in CdKeyErrorCode._meta.enum)
