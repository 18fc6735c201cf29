"""The price guard never lets money be lost beyond what somebody allowed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_cdkeys.acquisition.policy import PriceGuard, highest_unit_price
from saleor_cdkeys.exchange.converting import NoRate, Rate
from saleor_cdkeys.models import KeyProduct
from saleor_cdkeys.values import Money


def _eur(amount) -> Money:
    return Money(Decimal(amount), "EUR")


def _no_rates(currency_from: str, currency_to: str) -> Rate:
    if currency_from != currency_to:
        raise NoRate("There is none.", pair=(currency_from, currency_to))
    return Rate(currency_from, currency_to, Decimal(1), None)


def _highest(*, guard, customer_price, currency, rate_between=_no_rates) -> Money:
    return highest_unit_price(
        guard=guard, customer_price=customer_price, currency=currency, rate_between=rate_between
    )


def _guard(cost=None, percent=None, amount=None, *, currency="EUR") -> PriceGuard:
    return PriceGuard(
        max_unit_cost=None if cost is None else Money(Decimal(cost), currency),
        min_margin_percent=None if percent is None else Decimal(percent),
        min_margin_amount=None if amount is None else Decimal(amount),
    )


@pytest.mark.parametrize(
    ("guard", "highest"),
    [
        (_guard(), "20"),
        (_guard(cost="15"), "15"),
        (_guard(cost="25"), "25"),
        (_guard(percent="10"), "18"),
        (_guard(percent="0"), "20"),
        (_guard(percent="100"), "0"),
        (_guard(percent="150"), "-10"),
        (_guard(percent="-10"), "20"),
        (_guard(amount="3"), "17"),
        (_guard(amount="0"), "20"),
        (_guard(amount="25"), "-5"),
        (_guard(percent="10", amount="3"), "17"),
        (_guard(percent="20", amount="3"), "16"),
        (_guard(cost="15", percent="10"), "15"),
        (_guard(cost="19", percent="10"), "18"),
        (_guard(cost="25", percent="0"), "20"),
        (_guard(percent="33.33"), "13.334"),
    ],
)
def test_the_lowest_rule_decides(guard, highest):
    found = _highest(guard=guard, customer_price=_eur("20"), currency="EUR")
    assert found == _eur(highest)


def test_a_limit_is_rounded_down_to_what_the_columns_hold():
    found = _highest(guard=_guard(percent="33.33"), customer_price=_eur("0.999"), currency="EUR")
    assert found == _eur("0.6660")
    assert found.amount < Decimal("0.999") * (1 - Decimal("0.3333"))


@pytest.mark.parametrize(
    ("guard", "paid_in", "quoted_in"),
    [
        (_guard(), "USD", "EUR"),
        (_guard(percent="10"), "USD", "EUR"),
        (_guard(amount="1"), "USD", "EUR"),
        (_guard(percent="0"), "USD", "EUR"),
        (_guard(cost="15", currency="USD"), "EUR", "EUR"),
        (_guard(cost="15", currency="USD"), "USD", "EUR"),
        (_guard(cost="15", percent="10"), "USD", "EUR"),
        (_guard(cost="15"), "EUR", "USD"),
    ],
)
def test_what_cannot_be_compared_is_not_bought(guard, paid_in, quoted_in):
    with pytest.raises(NoRate):
        _highest(guard=guard, customer_price=Money(Decimal(20), paid_in), currency=quoted_in)


def _usd_is_worth_four_fifths(currency_from: str, currency_to: str) -> Rate:
    values = {("USD", "EUR"): "0.8", ("EUR", "USD"): "1.25"}
    value = Decimal(values.get((currency_from, currency_to), "1"))
    return Rate(currency_from, currency_to, value, dt.date(2026, 11, 25))


@pytest.mark.parametrize(
    ("guard", "paid_in", "quoted_in", "highest"),
    [
        (_guard(), "USD", "EUR", "16"),
        (_guard(), "EUR", "USD", "25"),
        (_guard(percent="10"), "USD", "EUR", "14.4"),
        (_guard(amount="3"), "USD", "EUR", "13.6"),
        (_guard(cost="15", currency="USD"), "USD", "EUR", "12"),
        (_guard(cost="15", percent="10"), "USD", "EUR", "14.4"),
        (_guard(cost="14", percent="10"), "USD", "EUR", "14"),
        (_guard(cost="0.00019", currency="USD"), "EUR", "EUR", "0.0001"),
    ],
)
def test_rules_in_another_currency_are_converted(guard, paid_in, quoted_in, highest):
    found = _highest(
        guard=guard,
        customer_price=Money(Decimal(20), paid_in),
        currency=quoted_in,
        rate_between=_usd_is_worth_four_fifths,
    )
    assert found == Money(Decimal(highest), quoted_in)


def test_a_highest_cost_alone_needs_no_comparison_with_what_was_paid():
    found = _highest(
        guard=_guard(cost="15"), customer_price=Money(Decimal(20), "USD"), currency="EUR"
    )
    assert found == _eur("15")


def test_the_guard_of_a_product():
    product = KeyProduct(
        max_unit_cost_amount=Decimal("15"),
        max_unit_cost_currency="EUR",
        min_margin_percent=Decimal("10"),
        min_margin_amount=Decimal("2"),
    )
    assert PriceGuard.of(product) == _guard("15", "10", "2")
    assert PriceGuard.of(KeyProduct()) == _guard()


amounts = st.decimals(0, 10**9, places=4)
guards = st.builds(
    PriceGuard,
    max_unit_cost=st.none() | st.builds(Money, amounts, st.sampled_from(["EUR", "USD"])),
    min_margin_percent=st.none() | st.decimals(0, 999, places=2),
    min_margin_amount=st.none() | amounts,
)


@given(guards, amounts, st.sampled_from(["EUR", "USD"]), st.sampled_from(["EUR", "USD"]))
def test_no_price_within_the_guard_breaks_a_rule(guard, paid, paid_in, quoted_in):
    try:
        highest = _highest(guard=guard, customer_price=Money(paid, paid_in), currency=quoted_in)
    except NoRate:
        assert paid_in != quoted_in or guard.max_unit_cost.currency != quoted_in
        return
    cost = highest.amount
    assert highest.currency == quoted_in
    assert cost == cost.quantize(Decimal("0.0001"))
    if guard.max_unit_cost is not None:
        assert Money(cost, quoted_in) <= guard.max_unit_cost
    if guard.has_margin or guard.max_unit_cost is None:
        assert paid_in == quoted_in
        margin = paid - cost
        assert margin >= (guard.min_margin_amount or 0)
        assert margin * 100 >= paid * (guard.min_margin_percent or 0)
        # Never for more than the customer paid: every margin is zero or more.
        assert cost <= paid


@given(guards, amounts)
def test_a_price_that_every_rule_allows_is_within_the_guard(guard, paid):
    if guard.max_unit_cost is not None and guard.max_unit_cost.currency != "EUR":
        return
    highest = _highest(guard=guard, customer_price=_eur(paid), currency="EUR")
    above = highest.amount + Decimal("0.0001")
    limits = []
    if guard.max_unit_cost is not None:
        limits.append(guard.max_unit_cost.amount)
    if guard.has_margin or not limits:
        limits.append(paid - (guard.min_margin_amount or 0))
        limits.append(paid * (100 - (guard.min_margin_percent or 0)) / 100)
    assert any(above > limit for limit in limits)
