"""What would be bought for a key order, as the API tells it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.graphql.query_cost_map import COST_MAP

from saleor_cdkeys.models import ExchangeRate, Purchase
from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from tests.factories import make_app
from tests.factories.cdkeys import buy, key_orders, make_key_product, make_mapping, make_supplier
from tests.graphql.client import Api, global_id
from tests.graphql.scene import ORDERS, PRODUCTS

PREVIEW = """
query($id: ID!) {
  cdKeyOrderPurchasePreview(id: $id) {
    wanted fromStock missing cost { amount currency }
    lines {
      mapping { supplierProductId supplier { name } }
      quantity unitPrice { amount currency } cost { amount currency } margin { amount currency }
      marginPercent highestPrice { amount currency } available isPreorder reason message
    }
  }
}
"""


@pytest.fixture
def american():
    """A supplier that sells P1 for 5.00 (two are left), and P2 for 30.00 US dollars."""
    shop = Shop(
        [Product("P1", Decimal("5.00"), stock=2), Product("P2", Decimal("30.00"))], currency="USD"
    )
    with SandboxServer(shop) as server:
        yield server


@pytest.fixture
def row(channel, american):
    """Four keys for 20 EUR each, one of them in stock."""
    guard = {"max_unit_cost_amount": 21, "max_unit_cost_currency": "EUR"}
    product = make_key_product(channel=channel, stock=1, **guard)
    supplier = make_supplier(name="US", config={"base_url": american.url})
    make_mapping(product, supplier, "P1")
    make_mapping(product, supplier, "P2", 1)
    ExchangeRate.objects.create(
        base="EUR", currency="USD", rate=Decimal("1.25"), date=timezone.now().date()
    )
    return key_orders(buy(channel=channel, lines=[(product, 4)]))[0]


def _ask(row, permissions=(ORDERS, PRODUCTS)):
    variables = {"id": global_id("CdKeyOrder", row.pk)}
    return Api(app=make_app(permissions)).data(PREVIEW, variables)["cdKeyOrderPurchasePreview"]


def _eur(amount: float) -> dict[str, object]:
    return {"amount": amount, "currency": "EUR"}


def _usd(amount: float) -> dict[str, object]:
    return {"amount": amount, "currency": "USD"}


def test_what_would_be_bought_and_why_not_elsewhere(row, american):
    assert _ask(row) == {
        "wanted": 4,
        "fromStock": 1,
        "missing": 1,
        "cost": _eur(8.0),
        "lines": [
            {
                "mapping": {"supplierProductId": "P1", "supplier": {"name": "US"}},
                "quantity": 2,
                "unitPrice": _usd(5.0),
                "cost": _eur(4.0),
                "margin": _eur(16.0),
                "marginPercent": 80.0,
                "highestPrice": _usd(26.25),
                "available": 2,
                "isPreorder": False,
                "reason": None,
                "message": "",
            },
            {
                "mapping": {"supplierProductId": "P2", "supplier": {"name": "US"}},
                "quantity": 0,
                "unitPrice": None,
                "cost": None,
                "margin": None,
                "marginPercent": None,
                "highestPrice": None,
                "available": None,
                "isPreorder": None,
                "reason": "PRICE_ABOVE_GUARD",
                "message": "US asks 30 USD, at most 26.25 USD is allowed.",
            },
        ],
    }
    assert not Purchase.objects.exists()
    assert american.shop.ledger == {}


def test_a_margin_may_be_negative(row, american):
    american.shop.set_product(Product("P1", Decimal("26.25")))

    line = _ask(row)["lines"][0]

    assert (line["margin"], line["marginPercent"]) == (_eur(-1.0), -5.0)


def test_without_a_rate_only_the_reason_is_told(row):
    ExchangeRate.objects.all().delete()

    preview = _ask(row)

    assert (preview["missing"], preview["cost"]) == (3, None)
    assert {line["reason"] for line in preview["lines"]} == {"CURRENCY_MISMATCH"}
    assert "There is no exchange rate between EUR and USD" in preview["lines"][0]["message"]


def test_what_is_read_does_not_grow_with_the_suppliers_that_are_asked(row, american):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            _ask(row)
        mapped = ("saleor_cdkeys_supplier", "saleor_cdkeys_key")
        return sum(
            query["sql"].startswith("SELECT") and any(name in query["sql"] for name in mapped)
            for query in captured
        )

    two = queries()
    for number in range(3, 8):
        make_mapping(row.key_product, make_supplier(name=f"No {number}"), f"P{number}", number)

    assert queries() == two


def test_a_request_may_ask_a_few_times_only(row):
    cost = COST_MAP["Query"]["cdKeyOrderPurchasePreview"]["complexity"]

    assert 50_000 / cost == 5


def test_what_does_not_exist_is_null(db):
    data = Api(app=make_app([ORDERS])).data(PREVIEW, {"id": global_id("CdKeyOrder", 1)})
    assert data == {"cdKeyOrderPurchasePreview": None}
