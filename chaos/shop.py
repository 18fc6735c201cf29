"""The shop: suppliers' accounts, products that are mapped to two of them, and orders."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from saleor_cdkeys.suppliers.fakes.sellers import SELLERS

_KEYS_IN_STOCK = 3
#: How many keys an order is for, and how often of ten.
_QUANTITIES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4)


class ChaosShop:
    """Made once; ``place`` lets an order come in, paid."""

    def __init__(self, urls: Mapping[str, str], *, dice: random.Random) -> None:
        from tests.factories.host import make_channel, make_warehouse

        self._dice = dice
        self._channel = make_channel()
        make_warehouse(self._channel)
        self._products = self._make_products(_open_accounts(urls))

    def _make_products(self, accounts: Mapping[str, object]) -> list[object]:
        from tests.factories.cdkeys import make_key_product, make_mapping

        names = sorted(accounts)
        products = []
        for number, name in enumerate(names * 2):
            product = make_key_product(
                channel=self._channel,
                sku=f"game-{number}",
                source="stock_then_suppliers",
                stock=_KEYS_IN_STOCK,
                supplier_choice="cheapest" if number % 2 else "in_order",
                # Above this nothing is bought, however often a price rises.
                max_unit_cost_amount=Decimal(15),
                max_unit_cost_currency="EUR",
            )
            sellers = dict.fromkeys([name, names[(number + 1) % len(names)]])
            for position, seller in enumerate(sellers):
                ids = SELLERS[seller].product_ids
                make_mapping(product, accounts[seller], ids[number % len(ids)], position)
            products.append(product)
        return products

    def place(self) -> None:
        """An order, recorded as the hook does."""
        from tests.factories.cdkeys import buy

        product = self._dice.choice(self._products)
        buy(channel=self._channel, lines=[(product, self._dice.choice(_QUANTITIES))])


def _open_accounts(urls: Mapping[str, str]) -> dict[str, object]:
    from saleor_cdkeys.acquisition import suppliers

    return {
        name: suppliers.create(
            name=name,
            adapter=name,
            values={
                "config": SELLERS[name].settings(url),
                "secrets": dict(SELLERS[name].secrets),
            },
        )
        for name, url in urls.items()
    }
