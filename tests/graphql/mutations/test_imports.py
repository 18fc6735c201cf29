"""Importing keys over GraphQL: pasted or uploaded, previewed, reported row by row, taken back."""

from __future__ import annotations

import io
import logging
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saleor_cdkeys.graphql.mutations import import_input, import_result
from saleor_cdkeys.models import Key, KeyBatch, KeyOrder
from saleor_cdkeys.statuses import BatchStatus, KeyStatus
from tests.factories.cdkeys import add_keys, buy, make_key_product, run
from tests.graphql.client import global_id
from tests.graphql.mutations.conftest import everything_stored
from tests.graphql.mutations.documents import IMPORT, IMPORT_UNDO

FILE = """sku;code;pin;cost
GAME-1;AAAA-BBBB-0001;11;4.50
GAME-1;AAAA-BBBB-0002;12;4.50
GAME-2;AAAA-BBBB-0003;13;
GAME-1;AAAA-BBBB-0001;11;4.50
GAME-9;AAAA-BBBB-0004;14;
GAME-1;;15;
GAME-1;KNOWN-CODE-0001;16;
"""


@pytest.fixture
def products(channel):
    return [make_key_product(channel=channel, sku=f"GAME-{n}") for n in (1, 2)]


@pytest.fixture
def upload(api):
    """Imports a file of these bytes, and gives the payload."""

    def call(data, *, name="keys.csv", **given):
        answer = api.upload(
            IMPORT,
            {"input": {"file": None, **given}},
            files={"input.file": SimpleUploadedFile(name, data, "text/csv")},
        )
        assert answer.errors == []
        return answer.data["cdKeyImport"]

    return call


def _counts(payload):
    return {row["outcome"]: row["count"] for row in payload["counts"]}


def test_a_file_goes_into_stock_with_a_report_of_what_did_not(upload, products, staff):
    payload = upload(FILE.encode("utf-16"), currency="eur", name="C:\\Keys\\March.csv")

    batch = KeyBatch.objects.get()
    assert payload["errors"] == []
    assert payload["cdKeyBatch"] == {
        "id": global_id("CdKeyBatch", batch.pk),
        "name": batch.name,
        "status": "DONE",
        "rowCount": 7,
        "createdCount": 4,
        "duplicateCount": 1,
        "rejectedCount": 2,
    }
    assert payload["preview"] is None
    assert _counts(payload) == {
        "IMPORTED": 4,
        "DUPLICATE_IN_FILE": 1,
        "UNKNOWN_SKU": 1,
        "INCOMPLETE": 1,
    }
    assert payload["rows"] == [
        {
            "line": 5,
            "outcome": "DUPLICATE_IN_FILE",
            "message": "The same code stands in line 2",
            "hint": "0001",
        },
        {
            "line": 6,
            "outcome": "UNKNOWN_SKU",
            "message": "No product variant has this SKU",
            "hint": "0004",
        },
        {
            "line": 7,
            "outcome": "INCOMPLETE",
            "message": "There is a PIN, but no code.",
            "hint": "",
        },
    ]
    assert (batch.user_id, batch.app_id, batch.status) == (staff.pk, None, BatchStatus.DONE)
    keys = Key.objects.order_by("pk")
    assert [(key.key_product.sku, key.hint, key.line) for key in keys] == [
        ("GAME-1", "0001", 2),
        ("GAME-1", "0002", 3),
        ("GAME-2", "0003", 4),
        ("GAME-1", "0001", 8),
    ]
    assert (keys[0].cost_amount, keys[0].cost_currency) == (Decimal("4.5"), "EUR")


def test_a_preview_says_the_same_and_stores_nothing(upload, products):
    add_keys(products[0], "AAAA-BBBB-0009")
    before = everything_stored()

    payload = upload(
        FILE.replace(";pin", ";").replace("0002;12", "0009;12").encode(),
        preview=True,
        currency="EUR",
    )

    assert payload["errors"] == []
    assert payload["cdKeyBatch"] is None
    assert payload["preview"]["delimiter"] == ";"
    assert payload["preview"]["encoding"].startswith("utf-8")
    assert payload["preview"]["columns"] == [
        {"role": "SKU", "number": 1},
        {"role": "CODE", "number": 2},
        {"role": "COST", "number": 4},
    ]
    assert payload["preview"]["products"] == [
        {"keyProduct": {"sku": "GAME-1"}, "newCount": 2},
        {"keyProduct": {"sku": "GAME-2"}, "newCount": 1},
    ]
    assert [row["line"] for row in payload["preview"]["samples"]] == [2, 4, 8]
    assert [(row["line"], row["outcome"]) for row in payload["rows"]] == [
        (3, "DUPLICATE_IN_STOCK"),
        (5, "DUPLICATE_IN_FILE"),
        (6, "UNKNOWN_SKU"),
        (7, "EMPTY_CODE"),
    ]
    assert _counts(payload)["IMPORTED"] == 3
    assert everything_stored() == before


def test_pasted_lines_go_to_the_key_product_that_is_named(mutate, products):
    for given in ({"keyProduct": global_id("CdKeyProduct", products[1].pk)}, {"sku": "GAME-2"}):
        payload = mutate(
            IMPORT, input={"text": f"CODE-OF-{len(given)}\n{given}\n", "delimiter": "none"} | given
        )
        assert payload["errors"] == []

    assert {key.key_product_id for key in Key.objects.all()} == {products[1].pk}
    assert KeyBatch.objects.first().name == "pasted lines"


def test_a_workbook_is_read(upload, products):
    book = openpyxl.Workbook()
    book.active.append(["Product", "Serial"])
    book.active.append(["GAME-1", "AAAA-BBBB-0001"])
    book.create_sheet("Other")
    data = io.BytesIO()
    book.save(data)

    payload = upload(
        data.getvalue(),
        name="keys.xlsx",
        columns=[{"role": "SKU", "column": "Product"}, {"role": "CODE", "column": "2"}],
        hasHeader=True,
    )

    assert payload["errors"] == []
    assert Key.objects.get().hint == "0001"


def test_what_was_said_about_the_file_is_heeded(mutate, products):
    payload = mutate(
        IMPORT,
        input={
            "text": "AAAA|x|GAME-1\nBBBB|y|GAME-2",
            "delimiter": "pipe",
            "hasHeader": False,
            "columns": [{"role": "CODE", "column": "1"}, {"role": "SKU", "column": "3"}],
            "name": "By hand",
            "encoding": "utf-8",
        },
    )

    assert payload["errors"] == []
    assert KeyBatch.objects.get().name == "By hand"
    assert Key.objects.count() == 2


def test_who_waits_is_woken(mutate, channel, products):
    order = buy(channel=channel, lines=[(products[0], 1)])
    run(order)
    KeyOrder.objects.update(next_run_at=None)

    mutate(IMPORT, input={"text": "AAAA-BBBB-0001", "sku": "GAME-1"})

    assert KeyOrder.objects.get().next_run_at is not None


def test_only_the_first_rows_are_told_and_all_are_counted(mutate, products, monkeypatch):
    monkeypatch.setattr("saleor_cdkeys.graphql.mutations.import_keys.MAX_ROWS", 3)
    text = "AAAA-BBBB-0001\n" * 8

    payload = mutate(IMPORT, input={"text": text, "sku": "GAME-1"})

    assert import_result.MAX_ROWS == 1000
    assert [row["line"] for row in payload["rows"]] == [2, 3, 4]
    assert _counts(payload) == {"IMPORTED": 1, "DUPLICATE_IN_FILE": 7}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("file", "REQUIRED")),
        ({"text": "A", "file": "0"}, ("file", "REQUIRED")),
        ({"file": "nowhere"}, ("file", "REQUIRED")),
        ({"text": " "}, ("file", "INVALID")),
        ({"text": "AAAA-BBBB"}, ("sku", "INVALID")),
        ({"text": "A", "sku": "GAME-9"}, ("sku", "INVALID")),
        (
            {"text": "A", "keyProduct": global_id("CdKeyProduct", 0)},
            ("keyProduct", "INVALID"),
        ),
        ({"text": "A", "keyProduct": "nonsense"}, ("keyProduct", "GRAPHQL_ERROR")),
        ({"text": "A", "sku": "GAME-1", "delimiter": "??"}, ("delimiter", "INVALID")),
        ({"text": "A", "sku": "GAME-1", "currency": "euro"}, ("currency", "INVALID")),
        ({"text": "A", "sku": "GAME-1", "encoding": "klingon"}, ("encoding", "INVALID")),
        (
            {"text": "A", "sku": "GAME-1", "columns": [{"role": "CODE", "column": " "}]},
            ("columns", "INVALID"),
        ),
        (
            {"text": "A", "sku": "GAME-1", "columns": [{"role": "PIN", "column": "1"}] * 2},
            ("columns", "INVALID"),
        ),
    ],
)
@pytest.mark.parametrize("preview", [False, True])
def test_what_cannot_be_read_is_refused(refused, products, given, expected, preview):
    assert refused(IMPORT, input={**given, "preview": preview}) == [expected]


def test_a_file_that_is_too_large_is_refused_unread(upload, products, monkeypatch):
    monkeypatch.setattr(import_input, "MAX_UPLOAD_BYTES", 1024**2)
    before = everything_stored()

    payload = upload(b"x" * (1024**2 + 1), sku="GAME-1")

    assert payload["errors"] == [
        {
            "field": "file",
            "message": "The file is larger than 1 MB. Split it, or use `manage.py cdkeys_import`.",
            "code": "TOO_LARGE",
        }
    ]
    assert everything_stored() == before


def test_without_encryption_keys_nothing_is_stored(refused, products, settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    assert refused(IMPORT, input={"text": "A", "sku": "GAME-1"}) == [(None, "ENCRYPTION_KEY")]


def test_no_code_is_told_logged_or_stored_in_clear(api, products, caplog):
    caplog.set_level(logging.DEBUG)
    code = "SECRET-CODE-ABCD1234"
    inputs = [
        {"text": f"{code}\n{code}", "sku": "GAME-1"},
        {"text": f"sku,code\n{code},GAME-1"},
        {"text": f"{code},{code}-2,{code}-3"},
        {"text": code, "sku": "GAME-1", "columns": [{"role": "CODE", "column": "7"}]},
        {"text": f"sku;code\nGAME-1;{code};{code}"},
    ]
    answers = [
        api.post(IMPORT, {"input": {**given, "preview": preview}})
        for given in inputs
        for preview in (True, False)
    ]

    told = caplog.text + repr(everything_stored()) + "".join(answer.text for answer in answers)
    assert Key.objects.exists()
    assert "SECRET-CODE" not in told


def test_an_import_is_taken_back_as_far_as_it_is_unsold(mutate, products, staff):
    mutate(IMPORT, input={"text": "AAAA-BBBB-0001\nAAAA-BBBB-0002", "sku": "GAME-1"})
    batch, sold = KeyBatch.objects.get(), Key.objects.first()
    Key.objects.filter(pk=sold.pk).update(status=KeyStatus.QUARANTINED)
    id = global_id("CdKeyBatch", batch.pk)

    first, second = mutate(IMPORT_UNDO, id=id), mutate(IMPORT_UNDO, id=id)

    assert (first["removedCount"], first["keptCount"]) == (1, 1)
    assert (second["removedCount"], second["keptCount"]) == (0, 1)
    assert first["cdKeyBatch"]["status"] == "UNDONE"
    batch.refresh_from_db()
    assert (batch.undone_user_id, batch.removed_count) == (staff.pk, 1)
    assert Key.objects.get() == sold


def test_an_import_that_never_was_cannot_be_taken_back(refused, db):
    assert refused(IMPORT_UNDO, id=global_id("CdKeyBatch", 0)) == [("id", "NOT_FOUND")]
