"""Trying an account out at once, whatever is thought of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.acquisition import health
from saleor_cdkeys.acquisition.trial import ask_supplier, try_account
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Alert, Supplier
from saleor_cdkeys.statuses import PauseReason
from saleor_cdkeys.suppliers.base import AccountProblem, Capabilities
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product
from saleor_cdkeys.values import Money
from tests.factories.cdkeys import make_supplier

LEFT = Money(Decimal("49.99"), "EUR")


@pytest.fixture
def supplier(supplier, sandbox):
    sandbox.shop.balance = LEFT.amount
    return supplier


@pytest.fixture
def silent(monkeypatch):
    """Suppliers tell no balance, so they are asked for a price."""
    monkeypatch.setattr(SandboxSupplier, "capabilities", Capabilities(balance=False))


def _try(supplier):
    trial = try_account(supplier_id=supplier.pk)
    return trial.is_working, trial.message, trial.balance


def test_the_balance_is_told_and_noted(supplier):
    Supplier.objects.update(low_balance_amount=50)

    assert _try(supplier) == (True, "Sandbox answers; the balance is 49.99 EUR.", LEFT)

    supplier.refresh_from_db()
    assert (supplier.balance_amount, supplier.balance_currency) == (LEFT.amount, "EUR")
    assert Alert.objects.get(resolved_at=None).kind == "low_balance"


def test_one_that_tells_no_balance_is_asked_for_a_price(product, supplier, sandbox, silent):
    assert _try(supplier) == (True, "Sandbox answers.", None)
    assert sandbox.requests == ["GET /products/P1"]


def test_that_it_does_not_sell_the_product_is_an_answer(product, supplier, sandbox, silent):
    sandbox.shop.set_product(Product("P1", Decimal("5.00"), stock=0))
    assert _try(supplier) == (True, "Sandbox answers.", None)


def test_where_there_is_nothing_to_ask_for_that_is_said(supplier, sandbox, silent):
    assert _try(supplier) == (
        True,
        "Sandbox is set up; there is nothing to ask it for.",
        None,
    )
    assert sandbox.requests == []


def test_what_is_wrong_is_said(supplier, sandbox):
    sandbox.script.queue_for(Call.BALANCE, [Fault.DOWN_BEFORE])

    is_working, message, balance = _try(supplier)

    assert (is_working, balance) == (False, None)
    assert message.startswith("Sandbox: ")
    assert "503" in message


def test_an_account_that_is_not_accepted_is_no_answer(product, supplier, silent, monkeypatch):
    def refuse(self, **arguments):
        raise AccountProblem("Blocked.")

    monkeypatch.setattr(SandboxSupplier, "quote", refuse)

    with pytest.raises(AccountProblem):
        ask_supplier(supplier=supplier)
    assert _try(supplier) == (False, "Sandbox: Blocked.", None)


def test_one_that_is_not_set_up_is_told_so(db):
    is_working, message, _balance = _try(make_supplier(name="Bare"))
    assert not is_working
    assert message.startswith("Bare: The supplier Bare is not set up: ")


def test_an_adapter_that_breaks_says_nothing_of_why(supplier, monkeypatch, caplog):
    def breaks(self):
        raise RuntimeError("secret")

    monkeypatch.setattr(SandboxSupplier, "balance", breaks)

    assert _try(supplier) == (False, "Sandbox: the adapter failed (RuntimeError).", None)
    assert "secret" not in caplog.text


def test_a_pause_stays(supplier):
    health.pause(supplier_id=supplier.pk, reason=PauseReason.ERRORS, message="Down.")
    assert _try(supplier)[0]
    supplier.refresh_from_db()
    assert supplier.pause_reason == PauseReason.ERRORS


def test_nobody_tries_what_is_not_there(db):
    with pytest.raises(InvalidInput) as caught:
        try_account(supplier_id=0)
    assert (caught.value.field, caught.value.code) == ("id", "not_found")
