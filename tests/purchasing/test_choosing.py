"""Which supplier sells: the first in order or the cheapest, in any currency, in any country."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from saleor.account.models import Address

from saleor_cdkeys.models import Alert, ExchangeRate, Purchase, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, SandboxServer, Shop
from tests.factories.cdkeys import buy, make_mapping, make_supplier, run


@pytest.fixture
def american():
    """A second supplier, which sells P1 for 5.20 US dollars."""
    with SandboxServer(
        Shop([Product("P1", Decimal("5.20"))], currency="USD"), hang_seconds=1.0
    ) as server:
        yield server


@pytest.fixture
def both(product, american):
    """The product is mapped to the euro supplier first (5.00), then to the American."""
    make_mapping(product, make_supplier(name="US", config={"base_url": american.url}), "P1", 1)
    return product


def _cheapest(product):
    product.supplier_choice = "cheapest"
    product.save()


def _rate(value: str, *, days_old: int = 0) -> dt.date:
    date = timezone.now().date() - dt.timedelta(days=days_old)
    ExchangeRate.objects.create(base="EUR", currency="USD", rate=Decimal(value), date=date)
    return date


def _sellers() -> list[str]:
    return list(Purchase.objects.order_by("pk").values_list("supplier__name", flat=True))


def test_the_first_in_order_sells_even_if_another_is_cheaper(channel, both):
    _rate("1.25")
    run(buy(channel=channel, lines=[(both, 1)]))
    assert _sellers() == ["Sandbox"]


def test_the_cheapest_sells_by_the_rate_of_the_day(channel, both, american):
    _cheapest(both)
    date = _rate("1.25")

    (row,) = run(buy(channel=channel, lines=[(both, 2)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert _sellers() == ["US"]
    purchase = Purchase.objects.get()
    assert (purchase.unit_price_amount, purchase.currency) == (Decimal("5.20"), "USD")
    assert purchase.max_unit_price_amount == 25
    assert (purchase.exchange_rate, purchase.exchange_rate_date) == (Decimal("0.8"), date)
    assert len(american.shop.ledger) == 1


def test_another_rate_makes_another_the_cheapest(channel, both):
    _cheapest(both)
    _rate("1.02")
    run(buy(channel=channel, lines=[(both, 1)]))
    assert _sellers() == ["Sandbox"]
    purchase = Purchase.objects.get()
    assert (purchase.exchange_rate, purchase.exchange_rate_date) == (None, None)


def test_what_the_cheapest_lacks_the_next_sells(channel, both, american):
    _cheapest(both)
    _rate("1.25")
    american.shop.set_product(Product("P1", Decimal("5.20"), stock=2))

    (row,) = run(buy(channel=channel, lines=[(both, 3)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert [(p.supplier.name, p.quantity) for p in Purchase.objects.order_by("pk")] == [
        ("US", 2),
        ("Sandbox", 1),
    ]


def test_one_that_cannot_be_asked_does_not_stop_the_other(channel, both, sandbox):
    _cheapest(both)
    _rate("1.25")
    sandbox.script.queue_for(Call.QUOTE, [Fault.DOWN_BEFORE])
    (row,) = run(buy(channel=channel, lines=[(both, 1)]))
    assert row.status == KeyOrderStatus.DELIVERED
    assert _sellers() == ["US"]


@pytest.mark.parametrize("days_old", [None, 6])
def test_without_a_fresh_rate_only_the_shops_own_currency_is_bought(
    channel, both, american, days_old
):
    _cheapest(both)
    if days_old is not None:
        _rate("1.25", days_old=days_old)

    (row,) = run(buy(channel=channel, lines=[(both, 1)]))

    assert row.status == KeyOrderStatus.DELIVERED
    assert _sellers() == ["Sandbox"]
    assert american.shop.ledger == {}
    alert = Alert.objects.get(resolved_at=None)
    assert (alert.kind, alert.subject) == ("exchange_rate", "exchange_rate:EUR:USD")


def test_a_rate_that_is_too_old_buys_nothing(channel, product, sandbox):
    sandbox.shop.currency = "USD"
    _rate("1.25", days_old=6)

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.CURRENCY_MISMATCH)
    assert "too old" in row.detail
    assert sandbox.shop.ledger == {}


def test_the_guard_holds_across_currencies(channel, product, sandbox):
    sandbox.shop.currency = "USD"
    sandbox.shop.set_product(Product("P1", Decimal("25.01")))
    _rate("1.25")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert row.reason == Reason.PRICE_ABOVE_GUARD
    assert "asks 25.01 USD, at most 25 USD is allowed" in row.detail


def _blocked_in(monkeypatch, *countries):
    import dataclasses

    told = SandboxSupplier.quote

    def quote(self, **arguments):
        return dataclasses.replace(told(self, **arguments), blocked_countries=frozenset(countries))

    monkeypatch.setattr(SandboxSupplier, "quote", quote)


def _ordered_from(channel, product, country: str, kind: str = "billing_address"):
    order = buy(channel=channel, lines=[(product, 1)])
    setattr(order, kind, Address.objects.create(country=country, postal_code="10115"))
    order.save(update_fields=[kind])
    return run(order)[0]


def test_what_does_not_work_in_the_customers_country_is_not_bought(
    channel, product, sandbox, monkeypatch
):
    _blocked_in(monkeypatch, "DE", "ZZ")

    row = _ordered_from(channel, product, "DE")

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
    assert "cannot be activated in DE" in row.detail
    assert sandbox.shop.ledger == {}


@pytest.mark.parametrize("kind", ["billing_address", "shipping_address"])
def test_what_is_blocked_elsewhere_is_bought(channel, product, monkeypatch, kind):
    _blocked_in(monkeypatch, "ZZ")
    assert _ordered_from(channel, product, "DE", kind).status == KeyOrderStatus.DELIVERED


@pytest.mark.parametrize(("country", "is_sold"), [("DE", True), ("AT", True), ("PL", False)])
def test_staff_say_for_which_countries_a_mapping_is(channel, product, sandbox, country, is_sold):
    SupplierMapping.objects.update(countries="AT,DE")

    row = _ordered_from(channel, product, country)

    assert len(sandbox.shop.ledger) == is_sold
    if not is_sold:
        assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
        assert row.detail == "Sandbox: the mapping does not allow PL."


def test_what_the_supplier_blocks_stays_so_whatever_staff_allow(
    channel, product, sandbox, monkeypatch
):
    SupplierMapping.objects.update(countries="AT,DE")
    _blocked_in(monkeypatch, "DE")
    assert "cannot be activated in DE" in _ordered_from(channel, product, "DE").detail
    assert sandbox.shop.ledger == {}


@pytest.mark.parametrize("limit", ["supplier", "staff"])
def test_without_a_country_nothing_is_bought_that_is_not_for_all(
    channel, product, sandbox, monkeypatch, limit
):
    if limit == "staff":
        SupplierMapping.objects.update(countries="DE")
    else:
        _blocked_in(monkeypatch, "ZZ")

    (row,) = run(buy(channel=channel, lines=[(product, 1)]))

    assert (row.status, row.reason) == (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)
    assert row.detail == (
        "Sandbox: the product is not for every country, and that of the order is not known. Set "
        "the order's billing or shipping address."
    )
    assert sandbox.shop.ledger == {}


def test_a_mapping_for_another_country_leaves_the_order_to_the_next(channel, product, sandbox):
    SupplierMapping.objects.update(countries="AT")
    other = make_supplier(name="Second", config={"base_url": sandbox.url})
    make_mapping(product, other, "P2", position=1)

    row = _ordered_from(channel, product, "DE")

    assert row.status == KeyOrderStatus.DELIVERED
    assert Purchase.objects.get().supplier_product_id == "P2"
