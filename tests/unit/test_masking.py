"""A code in clear text masks itself, or refuses, wherever it could get out by accident."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import string
import traceback

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from rich.console import Console
from rich.pretty import pretty_repr

from saleor_cdkeys.suppliers.base import SuppliedKey, SupplierOrder
from saleor_cdkeys.values import KeyCode

SECRET = "AAAAA-BBBBB-CCCCC"
CODES = [
    KeyCode.of_text(SECRET),
    KeyCode.of_fields([("code", SECRET), ("pin", SECRET)]),
    KeyCode.of_bytes(SECRET.encode(), media_type="image/png", filename=SECRET),
    KeyCode.of_bytes(SECRET.encode(), media_type="text/plain", filename=SECRET),
]


@pytest.fixture(params=CODES, ids=lambda code: code.kind.value)
def code(request):
    return request.param


def _rich(value: object) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(value)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        lambda code: f"{code}",
        lambda code: f"{code!r:>40}",
        lambda code: format(code, ">40"),
        lambda code: "%s %r %a" % (code, code, code),  # noqa: UP031
        lambda code: "{} {!r}".format(code, code),  # noqa: UP032
        lambda code: string.Template("$code").substitute(code=code),
        lambda code: str([code, (code,), {code: code}]),
        lambda code: str(SuppliedKey(code=code)),
        lambda code: str(
            SupplierOrder(supplier_order_id="1", keys=(SuppliedKey(code),), is_final=True)
        ),
        pprint.pformat,
        lambda code: pprint.pformat(SuppliedKey(code=code)),
        pretty_repr,
        _rich,
        lambda code: str(ValueError(code)),
        lambda code: repr(KeyError(code)),
    ],
)
def test_it_is_shown_as_stars(code, show):
    shown = show(code)
    assert SECRET not in shown
    assert SECRET[:5] not in shown


def test_it_is_logged_as_stars(code, caplog):
    logging.getLogger("anybody").warning("%s %r", code, code, extra={"code": code})
    (record,) = caplog.records
    assert SECRET not in caplog.text + repr(vars(record))


def test_a_traceback_with_all_its_variables_shows_stars(code):
    def fail(given):
        kept = [given]
        raise LookupError(kept)

    try:
        fail(code)
    except LookupError as error:
        shown = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert "****" in shown
    # The tests' own variables hold the secret as text; those of the failing function do not.
    assert SECRET not in shown.partition("in fail")[2]


@pytest.mark.parametrize(
    "take_apart",
    [
        json.dumps,
        lambda code: json.dumps({"code": code}, cls=DjangoJSONEncoder),
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        dataclasses.asdict,
        dataclasses.astuple,
        dataclasses.fields,
        vars,
        lambda code: dataclasses.asdict(SuppliedKey(code=code)),
        lambda code: pickle.dumps(SuppliedKey(code=code)),
        lambda code: setattr(code, "text", "x"),
    ],
)
def test_it_is_not_taken_apart(code, take_apart):
    with pytest.raises((TypeError, dataclasses.FrozenInstanceError)) as refused:
        take_apart(code)
    assert SECRET not in str(refused.value)


def test_it_serves_as_what_it_is(code):
    assert code == KeyCode.from_bytes(code.to_bytes())
    assert hash(code) == hash(KeyCode.from_bytes(code.to_bytes()))
    assert len({*CODES, *CODES}) == len(CODES)
