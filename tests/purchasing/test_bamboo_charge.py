"""What Bamboo charged for keys that never came is written down, if its history is away as well."""

from __future__ import annotations

from decimal import Decimal
from unittest import mock

from saleor_cdkeys.acquisition import suppliers
from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.suppliers.bamboo.orders import Orders
from saleor_cdkeys.suppliers.base import TryLater
from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, Shop
from tests.factories.cdkeys import buy, make_key_product, make_mapping, run


def test_a_charge_that_cannot_be_read_at_once_is_read_later(channel, db, settings):
    settings.CDKEYS_LOOKUP_SECONDS = 0.0
    seller = SELLERS["bamboo"]
    shop = Shop([Product(i, Decimal("5.10")) for i in seller.product_ids], balance=Decimal(1000))
    with seller.server(shop, **seller.options) as server:
        server.script.queue([Fault.TOO_FEW_CHARGED])
        account = suppliers.create(
            name="bamboo",
            adapter="bamboo",
            values={"config": seller.settings(server.url), "secrets": dict(seller.secrets)},
        )
        product = make_key_product(channel=channel, source="suppliers")
        make_mapping(product, account, seller.product_ids[0])
        order = buy(channel=channel, lines=[(product, 1)])
        with mock.patch.object(Orders, "_history", side_effect=TryLater("busy")):
            (key_order,) = run(order)
        assert (key_order.status, key_order.reason) == ("waiting", "supplier_pending")
        KeyOrder.objects.update(next_run_at=key_order.created_at)
        Purchase.objects.update(next_check_at=None)

        (key_order,) = run(order)

    purchase = Purchase.objects.get()
    assert (key_order.status, key_order.reason) == ("waiting", "short_delivery")
    assert (purchase.status, purchase.charged_amount) == ("completed", Decimal("5.10"))
    assert shop.balance == Decimal(1000) - purchase.charged_amount
