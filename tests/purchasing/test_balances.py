"""Balances are looked at now and then, and a low one is told until it is topped up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from saleor_cdkeys.acquisition import tending
from saleor_cdkeys.acquisition.balances import read_balance, watch_balances
from saleor_cdkeys.models import Alert, Supplier
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from saleor_cdkeys.values import Money


@pytest.fixture
def supplier(supplier, sandbox):
    sandbox.shop.balance = Decimal("49.99")
    Supplier.objects.update(low_balance_amount=Decimal(50))
    supplier.refresh_from_db()
    return supplier


def _open_alerts():
    return list(Alert.objects.filter(resolved_at=None).values_list("kind", "subject", "message"))


def test_a_low_balance_is_noted_and_told(supplier):
    assert watch_balances() == 1

    supplier.refresh_from_db()
    assert (supplier.balance_amount, supplier.balance_currency) == (Decimal("49.99"), "EUR")
    assert _open_alerts() == [
        (
            "low_balance",
            f"supplier:{supplier.pk}",
            "Sandbox: 49.99 EUR are left, less than 50 EUR. Top it up.",
        )
    ]


def test_it_is_asked_again_only_after_a_while(supplier, sandbox):
    watch_balances()
    assert watch_balances() == 0
    assert sandbox.requests == ["GET /balance"]

    due_at = Supplier.objects.get().balance_due_at - timezone.now()
    assert dt.timedelta(seconds=840) < due_at <= dt.timedelta(seconds=900)
    Supplier.objects.update(balance_due_at=timezone.now())
    assert watch_balances() == 1


def test_topping_it_up_cures_the_alert(supplier, sandbox):
    watch_balances()
    sandbox.shop.balance = Decimal(50)
    assert read_balance(supplier=supplier) == Money(Decimal(50), "EUR")
    assert _open_alerts() == []


def test_without_a_threshold_nobody_is_told(supplier):
    Supplier.objects.update(low_balance_amount=None)
    assert watch_balances() == 1
    assert _open_alerts() == []


@pytest.mark.parametrize(
    "away",
    [
        {"is_active": False},
        {"pause_reason": "errors"},
        {"balance_due_at": Now() + dt.timedelta(seconds=5)},
    ],
)
def test_who_is_not_due_is_not_asked(supplier, sandbox, away):
    Supplier.objects.update(**away)
    assert watch_balances() == 0
    assert sandbox.requests == []


def test_one_that_does_not_answer_keeps_what_it_said_last(supplier, sandbox):
    told_at = timezone.now() - dt.timedelta(hours=3)
    Supplier.objects.update(
        balance_amount=Decimal(7), balance_currency="EUR", balance_at=told_at, balance_due_at=None
    )
    sandbox.script.queue_for(Call.BALANCE, [Fault.DOWN_BEFORE])

    assert watch_balances() == 0

    supplier.refresh_from_db()
    assert (supplier.balance_amount, supplier.balance_at) == (7, told_at)
    assert watch_balances() == 0


def test_one_chore_that_fails_does_not_stop_the_others(supplier, monkeypatch, caplog):
    def breaks() -> int:
        raise RuntimeError("secret")

    monkeypatch.setattr(tending, "_WORKS", (breaks, watch_balances))

    tending.tend()

    supplier.refresh_from_db()
    assert supplier.balance_amount == Decimal("49.99")
    assert "breaks failed: RuntimeError" in caplog.text
    assert "secret" not in caplog.text
