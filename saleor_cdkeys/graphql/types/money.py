"""Amounts of our tables in the form that Saleor's type Money is made from."""

from __future__ import annotations

from decimal import Decimal

from saleor_cdkeys.values import Money


def money(amount: Decimal | None, currency: str) -> Money | None:
    """None where there is no amount."""
    return None if amount is None else Money(amount, currency)
