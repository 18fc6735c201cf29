"""The balance is told as it is, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import TryLater
from saleor_cdkeys.values import Money
from tests.suppliers.asking import says
from tests.suppliers.kinguin.account import facing, refusal
from tests.suppliers.kinguin.answers import CODE
from tests.suppliers.wire import answer


@pytest.mark.parametrize("balance", [None, "NaN", CODE, True, []])
def test_a_balance_that_cannot_be_read_is_asked_for_later(balance):
    with facing(says({"balance": balance})) as (adapter, _wire):
        assert type(refusal(adapter.balance)) is TryLater


def test_the_balance_is_told_as_it_is():
    with facing(answer(b'{"balance": 12.450000000000000001}')) as (adapter, _wire):
        assert adapter.balance() == Money(Decimal("12.450000000000000001"), "EUR")
