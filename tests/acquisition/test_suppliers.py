"""Accounts at suppliers: what is kept, what is refused, and that no secret shows anywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from saleor_cdkeys.acquisition import health, suppliers
from saleor_cdkeys.acquisition.accounts import open_account, read_secrets
from saleor_cdkeys.errors import EncryptionKeyError, InvalidInput, InvalidValues, SealBroken
from saleor_cdkeys.models import Alert, KeyOrder, Supplier
from saleor_cdkeys.statuses import KeyOrderStatus, PauseReason, Reason
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier

URL = "https://keys.example.com"
SECRET = "s3cr3t-of-the-shop"
VALUES = {"config": {"base_url": URL}, "secrets": {"api_key": SECRET}}


@pytest.fixture
def account(db):
    return suppliers.create(name="Main", adapter="sandbox", values=VALUES)


@pytest.fixture
def waiting(channel, account):
    """Builds a key order that waits, for a reason, for keys of the account."""

    def wait(reason, *, status=KeyOrderStatus.WAITING):
        product = make_key_product(channel=channel, sku=f"game-{KeyOrder.objects.count()}")
        make_mapping(product, account)
        order = buy(channel=channel, lines=[(product, 1)])
        KeyOrder.objects.filter(order_id=order.pk).update(
            status=status, reason=reason, next_run_at=None
        )
        return KeyOrder.objects.get(order_id=order.pk)

    return wait


def _refusal(call, **arguments):
    with pytest.raises(InvalidInput) as refused:
        call(**arguments)
    return refused.value.field, refused.value.code


def _problems(call, **arguments):
    with pytest.raises(InvalidValues) as refused:
        call(**arguments)
    return refused.value.problems


def _in_clear(text):
    """Whether the table holds a text in clear."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM saleor_cdkeys_supplier AS row"
            " WHERE row::text LIKE %s OR position(%s IN row.sealed_secrets) > 0",
            [f"%{text}%", text.encode()],
        )
        return cursor.fetchone()[0] > 0


def test_an_account_is_kept_with_its_secrets_sealed(account, caplog):
    row = Supplier.objects.get()

    assert (row.name, row.adapter, row.is_active) == ("Main", "sandbox", True)
    assert row.config == {"base_url": URL}
    assert read_secrets(supplier=row) == {"api_key": SECRET}
    assert not _in_clear(SECRET)
    assert SECRET not in caplog.text
    with open_account(supplier=row) as adapter:
        assert adapter is not None


def test_what_people_paste_is_trimmed_and_empty_is_not_kept(db):
    row = suppliers.create(
        name="  Main ",
        adapter="sandbox",
        values={"config": {"base_url": f" {URL}\n"}, "secrets": {"api_key": " "}},
    )

    assert (row.name, row.config, row.sealed_secrets) == ("Main", {"base_url": URL}, None)


def test_an_account_can_begin_switched_off(db):
    suppliers.create(name="Main", adapter="sandbox", values={**VALUES, "is_active": False})

    assert Supplier.objects.get().is_active is False


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": " "}, ("name", "required")),
        ({"name": "x" * 256}, ("name", "invalid")),
        ({"name": "two\nlines"}, ("name", "invalid")),
        ({"adapter": "nobody"}, ("adapter", "invalid")),
        ({"values": {"config": {"base_url": "ftp://x"}}}, ("config", "invalid")),
        ({"values": {"config": {"base_url": "https://u:p@x"}}}, ("config", "invalid")),
        ({"values": {**VALUES, "secrets": {"api_key": "ключ"}}}, ("config", "invalid")),
    ],
)
def test_what_cannot_be_used_is_refused(db, changed, expected):
    arguments = {"name": "Main", "adapter": "sandbox", "values": VALUES, **changed}

    assert _refusal(suppliers.create, **arguments) == expected
    assert not Supplier.objects.exists()


def test_each_problem_of_settings_and_secrets_is_named(db):
    values = {
        "config": {"region": "EU"},
        "secrets": {"api_key": "x" * 10_001, "token": SECRET},
    }

    assert _problems(suppliers.create, name="Main", adapter="sandbox", values=values) == {
        "config.base_url": "Enter: address of the sandbox server.",
        "config.region": "The adapter has no field region.",
        "secrets.api_key": "Write at most 10000 characters.",
        "secrets.token": "The adapter has no field token.",
    }
    assert not Supplier.objects.exists()


def test_a_name_is_given_once(account):
    other = make_supplier(name="Second")

    assert _refusal(suppliers.create, name="Main", adapter="sandbox", values=VALUES) == (
        "name",
        "unique",
    )
    assert _refusal(suppliers.update, supplier_id=other.pk, values={"name": "Main"}) == (
        "name",
        "unique",
    )
    assert [row.name for row in Supplier.objects.all()] == ["Main", "Second"]


@pytest.mark.parametrize("secrets", [{}, {"api_key": None}, None])
def test_a_secret_that_is_not_given_stays(account, secrets):
    sealed = bytes(Supplier.objects.get().sealed_secrets)

    suppliers.update(
        supplier_id=account.pk,
        values={"name": "New", "config": {"base_url": "https://new.example"}, "secrets": secrets},
    )

    row = Supplier.objects.get()
    assert (row.name, row.config) == ("New", {"base_url": "https://new.example"})
    assert read_secrets(supplier=row) == {"api_key": SECRET}
    assert secrets or bytes(row.sealed_secrets) == sealed


def test_an_empty_secret_is_removed(account):
    suppliers.update(supplier_id=account.pk, values={"secrets": {"api_key": ""}})

    assert Supplier.objects.get().sealed_secrets is None


def test_a_new_secret_takes_the_place_of_the_old(account):
    suppliers.update(supplier_id=account.pk, values={"secrets": {"api_key": "another"}})

    assert read_secrets(supplier=Supplier.objects.get()) == {"api_key": "another"}
    assert not _in_clear("another")


def test_a_required_setting_cannot_be_removed(account):
    problems = _problems(
        suppliers.update, supplier_id=account.pk, values={"config": {"base_url": ""}}
    )

    assert problems == {"config.base_url": "Enter: address of the sandbox server."}
    assert Supplier.objects.get().config == {"base_url": URL}


def test_nobody_changes_what_is_not_there(db):
    expected = ("id", "not_found")

    assert _refusal(suppliers.update, supplier_id=1, values={}) == expected
    assert _refusal(suppliers.delete, supplier_id=1) == expected


def test_a_secret_that_no_longer_opens_is_replaced_or_left(account):
    Supplier.objects.update(sealed_secrets=b"\1\2k1" + bytes(40))

    with pytest.raises(SealBroken):
        suppliers.update(supplier_id=account.pk, values={"config": {"base_url": URL}})
    suppliers.update(supplier_id=account.pk, values={"is_active": False, "name": "Off"})
    every = {"api_key": SECRET, "message_secret": ""}
    suppliers.update(supplier_id=account.pk, values={"secrets": every})

    row = Supplier.objects.get()
    assert (row.name, row.is_active) == ("Off", False)
    assert read_secrets(supplier=row) == {"api_key": SECRET}


def test_without_encryption_keys_no_secret_is_taken(settings, db):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    with pytest.raises(EncryptionKeyError):
        suppliers.create(name="Main", adapter="sandbox", values=VALUES)

    assert not Supplier.objects.exists()


def test_an_unused_account_is_deleted(account):
    suppliers.delete(supplier_id=account.pk)

    assert not Supplier.objects.exists()


def test_a_mapped_account_can_only_be_switched_off(account, channel):
    make_mapping(make_key_product(channel=channel), account)

    assert _refusal(suppliers.delete, supplier_id=account.pk) == ("id", "in_use")
    suppliers.update(supplier_id=account.pk, values={"is_active": False})

    assert Supplier.objects.get().is_active is False


@pytest.mark.parametrize(
    "values", [{"secrets": {"api_key": "new"}}, {"config": {"base_url": "https://new.example"}}]
)
def test_who_waited_for_the_account_is_looked_at_when_its_credentials_change(
    waiting, account, values
):
    row = waiting(Reason.SUPPLIER_ERROR)

    suppliers.update(supplier_id=account.pk, values=values)

    row.refresh_from_db()
    assert row.next_run_at is not None


def test_who_waited_for_the_account_is_looked_at_when_it_is_switched_on(waiting, account):
    suppliers.update(supplier_id=account.pk, values={"is_active": False})
    rows = [waiting(Reason.NO_MAPPING), waiting(Reason.OUT_OF_STOCK)]

    suppliers.update(supplier_id=account.pk, values={"is_active": True})

    assert KeyOrder.objects.filter(next_run_at__isnull=False).count() == len(rows)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.HELD_BY_STAFF, KeyOrderStatus.WAITING),
        (Reason.OUTCOME_UNKNOWN, KeyOrderStatus.WAITING),
        (Reason.GAVE_UP, KeyOrderStatus.FAILED),
    ],
)
def test_what_a_person_must_decide_is_left_alone(waiting, account, reason, status):
    row = waiting(reason, status=status)

    suppliers.update(supplier_id=account.pk, values={"secrets": {"api_key": "new"}})

    row.refresh_from_db()
    assert row.next_run_at is None


@pytest.mark.parametrize(
    "values",
    [
        {"name": "New"},
        {"is_active": True},
        {"is_active": False, "secrets": {"api_key": "new"}},
        {"config": {"base_url": URL}},
    ],
)
def test_a_change_that_cures_nothing_wakes_nobody(waiting, account, values):
    row = waiting(Reason.SUPPLIER_ERROR)

    suppliers.update(supplier_id=account.pk, values=values)

    row.refresh_from_db()
    assert row.next_run_at is None


def test_a_threshold_is_kept_and_taken_away(account):
    suppliers.update(supplier_id=account.pk, values={"low_balance_amount": Decimal("50.5")})
    assert Supplier.objects.get().low_balance_amount == Decimal("50.5")

    suppliers.update(supplier_id=account.pk, values={"name": "Other"})
    assert Supplier.objects.get().low_balance_amount == Decimal("50.5")

    suppliers.update(supplier_id=account.pk, values={"low_balance_amount": None})
    assert Supplier.objects.get().low_balance_amount is None


def test_a_threshold_that_is_no_amount_is_refused(account):
    refusal = _refusal(
        suppliers.update,
        supplier_id=account.pk,
        values={"low_balance_amount": Decimal("0.00001")},
    )
    assert refusal == ("low_balance_amount", "invalid")
    assert Supplier.objects.get().low_balance_amount is None


def test_a_new_threshold_is_held_against_what_is_known(account):
    Supplier.objects.update(balance_amount=Decimal(40), balance_currency="EUR")

    suppliers.update(supplier_id=account.pk, values={"low_balance_amount": Decimal(50)})
    assert Alert.objects.get(resolved_at=None).message == (
        "Main: 40 EUR are left, less than 50 EUR. Top it up."
    )

    suppliers.update(supplier_id=account.pk, values={"low_balance_amount": Decimal(40)})
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_staff_end_a_pause(waiting, account):
    row = waiting(Reason.SUPPLIER_ERROR)
    health.pause(supplier_id=account.pk, reason=PauseReason.ERRORS, message="Down.")

    resumed = suppliers.end_pause(supplier_id=account.pk)

    assert (resumed.pause_reason, resumed.pause_message, resumed.paused_until) == ("", "", None)
    assert not Alert.objects.filter(kind="supplier_paused", resolved_at=None).exists()
    row.refresh_from_db()
    assert row.next_run_at is not None


def test_what_is_not_paused_stays_as_it_is(waiting, account):
    row = waiting(Reason.SUPPLIER_ERROR)
    assert suppliers.end_pause(supplier_id=account.pk).pause_reason == ""
    row.refresh_from_db()
    assert row.next_run_at is None
    assert _refusal(suppliers.end_pause, supplier_id=0) == ("id", "not_found")
