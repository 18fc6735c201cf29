"""Supplier accounts over GraphQL: secrets go in, and nothing brings them out."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest

from saleor_cdkeys.acquisition import health
from saleor_cdkeys.acquisition.accounts import read_secrets, seal_secrets
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.statuses import PauseReason
from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier
from tests.graphql.client import global_id
from tests.graphql.mutations.conftest import everything_stored
from tests.graphql.mutations.documents import (
    SUPPLIER_CREATE,
    SUPPLIER_DELETE,
    SUPPLIER_RESUME,
    SUPPLIER_TEST,
    SUPPLIER_UPDATE,
)

URL = "https://keys.example"
SECRET = "s3cr3t-of-the-shop"
ACCOUNT = {
    "name": "Main",
    "adapter": "sandbox",
    "config": [{"name": "base_url", "value": URL}],
    "secrets": [{"name": "api_key", "value": SECRET}],
}


@pytest.fixture
def account(mutate):
    mutate(SUPPLIER_CREATE, input=ACCOUNT)
    return Supplier.objects.get()


def _id(supplier):
    return global_id("CdKeySupplier", supplier.pk)


def test_an_account_is_opened(mutate):
    payload = mutate(SUPPLIER_CREATE, input=ACCOUNT)

    row = Supplier.objects.get()
    assert payload == {
        "cdKeySupplier": {
            "id": _id(row),
            "name": "Main",
            "adapter": "sandbox",
            "isActive": True,
            "lowBalanceAmount": None,
            "config": [{"name": "base_url", "value": URL}],
            "secrets": [
                {"name": "api_key", "isSet": True},
                {"name": "message_secret", "isSet": False},
            ],
        },
        "errors": [],
    }
    assert read_secrets(supplier=row) == {"api_key": SECRET}


def test_no_secret_is_told_logged_or_stored_in_clear(api, caplog):
    caplog.set_level(logging.DEBUG)
    long = SECRET * 1000
    answers = [
        api.post(SUPPLIER_CREATE, {"input": {**ACCOUNT, **changed}})
        for changed in (
            {},
            {},
            {"name": "Other", "config": []},
            {"name": "Other", "adapter": "nobody"},
            {"name": "Other", "secrets": [{"name": "api_key", "value": f"{SECRET}ключ"}]},
            {"name": "Other", "secrets": [{"name": "api_key", "value": long}]},
            {"name": "Other", "secrets": [{"name": "nothing", "value": SECRET}]},
            {"name": "Other", "secrets": ACCOUNT["secrets"] * 2},
        )
    ]
    given = {"secrets": [{"name": "api_key", "value": f"{SECRET}2"}], "config": []}
    answers.append(api.post(SUPPLIER_UPDATE, {"id": _id(Supplier.objects.get()), "input": given}))

    results = [next(iter(answer.data.values()))["errors"] for answer in answers]
    assert [len(errors) for errors in results] == [0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert not any(SECRET in answer.text for answer in answers)
    assert SECRET not in caplog.text
    assert SECRET not in repr(everything_stored())
    assert SECRET.encode() not in bytes(Supplier.objects.get().sealed_secrets)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": " "}, [("name", "REQUIRED")]),
        ({"name": "x" * 256}, [("name", "INVALID")]),
        ({"adapter": "nobody"}, [("adapter", "INVALID")]),
        ({"config": []}, [("config.base_url", "INVALID")]),
        ({"config": [{"name": "base_url", "value": "ftp://x"}]}, [("config", "INVALID")]),
        ({"config": ACCOUNT["config"] * 2}, [("config", "INVALID")]),
        ({"secrets": ACCOUNT["secrets"] * 2}, [("secrets", "INVALID")]),
        (
            {
                "config": [{"name": "region", "value": "EU"}],
                "secrets": [{"name": "token_2", "value": "x"}],
            },
            [
                ("config.region", "INVALID"),
                ("secrets.token_2", "INVALID"),
                ("config.base_url", "INVALID"),
            ],
        ),
    ],
)
def test_what_cannot_be_used_is_refused(refused, given, expected):
    assert refused(SUPPLIER_CREATE, input={**ACCOUNT, **given}) == expected


def test_a_name_is_given_once(refused, account):
    other = make_supplier(name="Other")

    assert refused(SUPPLIER_CREATE, input=ACCOUNT) == [("name", "UNIQUE")]
    assert refused(SUPPLIER_UPDATE, id=_id(other), input={"name": "Main"}) == [("name", "UNIQUE")]


@pytest.mark.parametrize(
    ("secrets", "kept"),
    [
        (None, {"api_key": SECRET}),
        ([], {"api_key": SECRET}),
        ([{"name": "api_key"}], {"api_key": SECRET}),
        ([{"name": "api_key", "value": None}], {"api_key": SECRET}),
        ([{"name": "api_key", "value": "new"}], {"api_key": "new"}),
        ([{"name": "api_key", "value": ""}], {}),
    ],
)
def test_a_secret_stays_until_it_is_replaced_or_emptied(mutate, account, secrets, kept):
    payload = mutate(
        SUPPLIER_UPDATE, id=_id(account), input={"secrets": secrets, "isActive": False}
    )

    account.refresh_from_db()
    assert payload["errors"] == []
    assert payload["cdKeySupplier"]["secrets"] == [
        {"name": "api_key", "isSet": bool(kept)},
        {"name": "message_secret", "isSet": False},
    ]
    assert (account.is_active, read_secrets(supplier=account)) == (False, kept)


def test_without_encryption_keys_no_secret_is_taken(refused, settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    assert refused(SUPPLIER_CREATE, input=ACCOUNT) == [(None, "ENCRYPTION_KEY")]


def test_a_secret_that_does_not_open_is_told_as_such(refused, account):
    Supplier.objects.update(sealed_secrets=b"\1\2k1" + bytes(40))

    errors = refused(
        SUPPLIER_UPDATE,
        id=_id(account),
        input={"config": [{"name": "base_url", "value": "https://new.example"}]},
    )

    assert errors == [(None, "SEAL_BROKEN")]


def test_an_unused_account_is_deleted_once(mutate, refused, account):
    payload = mutate(SUPPLIER_DELETE, id=_id(account))

    assert payload == {"cdKeySupplier": {"id": _id(account), "name": "Main"}, "errors": []}
    assert not Supplier.objects.exists()
    assert refused(SUPPLIER_DELETE, id=_id(account)) == [("id", "NOT_FOUND")]
    assert refused(SUPPLIER_UPDATE, id=_id(account), input={}) == [("id", "NOT_FOUND")]


def test_a_mapped_account_stays(refused, account, channel):
    make_mapping(make_key_product(channel=channel), account)

    assert refused(SUPPLIER_DELETE, id=_id(account)) == [("id", "IN_USE")]


def test_a_threshold_is_set_and_taken_away(mutate, refused, account):
    payload = mutate(SUPPLIER_UPDATE, id=_id(account), input={"lowBalanceAmount": "50.5"})
    assert payload["cdKeySupplier"]["lowBalanceAmount"] == 50.5
    assert refused(SUPPLIER_UPDATE, id=_id(account), input={"lowBalanceAmount": "0.00001"}) == [
        ("lowBalanceAmount", "INVALID")
    ]

    payload = mutate(SUPPLIER_UPDATE, id=_id(account), input={"lowBalanceAmount": None})

    account.refresh_from_db()
    assert payload["cdKeySupplier"]["lowBalanceAmount"] is None
    assert account.low_balance_amount is None


@pytest.fixture
def server():
    shop = Shop([Product("P1", Decimal("5.00"))], balance=Decimal("120.50"))
    with SandboxServer(shop, api_key=SECRET) as running:
        yield running


@pytest.fixture
def reached(account, server):
    """The account, at a supplier that answers."""
    Supplier.objects.update(config={"base_url": server.url})
    account.refresh_from_db()
    return account


def test_an_account_that_works_is_told_so(mutate, reached, server):
    payload = mutate(SUPPLIER_TEST, id=_id(reached))

    assert payload == {
        "cdKeySupplier": {"id": _id(reached)},
        "isWorking": True,
        "message": "Main answers; the balance is 120.50 EUR.",
        "balance": {"amount": 120.5, "currency": "EUR"},
        "errors": [],
    }
    reached.refresh_from_db()
    assert reached.balance_amount == Decimal("120.50")
    assert server.requests == ["GET /balance"]


def test_what_is_wrong_with_an_account_is_said_without_its_secrets(api, mutate, reached, server):
    Supplier.objects.update(
        sealed_secrets=seal_secrets(supplier_uid=reached.uid, secrets={"api_key": "wr0ng-secret"})
    )

    answer = api.post(SUPPLIER_TEST, {"id": _id(reached)})

    assert answer.data["cdKeySupplierTest"] == {
        "cdKeySupplier": {"id": _id(reached)},
        "isWorking": False,
        "message": "Main: The supplier does not accept the credentials of this account.",
        "balance": None,
        "errors": [],
    }
    assert "wr0ng-secret" not in answer.text
    reached.refresh_from_db()
    assert reached.balance_amount is None


def test_nobody_is_asked_for_an_account_that_is_not_there(refused):
    assert refused(SUPPLIER_TEST, id=global_id("CdKeySupplier", 1)) == [("id", "NOT_FOUND")]
    assert refused(SUPPLIER_RESUME, id=global_id("CdKeySupplier", 1)) == [("id", "NOT_FOUND")]


def test_a_pause_is_ended(mutate, account):
    health.pause(supplier_id=account.pk, reason=PauseReason.ERRORS, message="It is down.")

    payload = mutate(SUPPLIER_RESUME, id=_id(account))

    assert payload == {
        "cdKeySupplier": {
            "id": _id(account),
            "pauseReason": None,
            "pauseMessage": "",
            "pausedUntil": None,
        },
        "errors": [],
    }


def test_credentials_that_are_mended_show_the_account_without_its_pause(mutate, account):
    health.pause(supplier_id=account.pk, reason=PauseReason.ACCOUNT, message="No.")
    given = {"secrets": [{"name": "api_key", "value": "new"}]}
    document = SUPPLIER_UPDATE.replace("isActive", "isActive pauseReason")

    payload = mutate(document, id=_id(account), input=given)

    assert payload["cdKeySupplier"]["pauseReason"] is None
