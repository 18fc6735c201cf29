"""A small day at a shop, played without processes, for the promises to be checked on."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from django.core import mail

from demo import mail_sink, shop
from demo.customers import PlacedOrder
from demo.mail_sink import Mail
from demo.market import Offer
from demo.plan import Line, PlannedOrder
from demo.shop import Kind
from demo.supplier import DemoSupplier
from saleor_cdkeys.acquisition import suppliers
from saleor_cdkeys.suppliers.fakes.sellers import REAL, SELLERS
from tests.factories import make_order, make_variant
from tests.factories.cdkeys import buy, make_key_product, make_mapping, run


@dataclasses.dataclass
class Day:
    """What was ordered, the supplier with its books, and the mails that came."""

    placed: list[PlacedOrder]
    supplier: DemoSupplier
    mails: list[Mail]
    orders: dict[Kind, object]

    def of(self, kind: Kind):
        """The Saleor order of a kind."""
        return self.orders[kind]


@pytest.fixture
def day(channel):
    """Four customers: from stock, bought at the sandbox, never paid, and sold out."""
    with _supplier("sandbox") as supplier:
        yield _play(channel, supplier)


@pytest.fixture(params=REAL)
def day_at(request, channel):
    """The same day with each of the suppliers that merchants buy from."""
    with _supplier(request.param) as supplier:
        yield _play(channel, supplier)


def _supplier(seller: str) -> DemoSupplier:
    """Without bad answers."""
    offer = Offer(shop.ORBIT, seller, SELLERS[seller].product_ids[0], Decimal("38.10"))
    return DemoSupplier(seller, [offer], needed={shop.ORBIT: 1}, seed=1, bad_share=0)


def _play(channel, supplier: DemoSupplier) -> Day:
    stock = make_key_product(channel=channel, sku=shop.NEON.sku, source="stock", stock=3)
    sold_out = make_key_product(channel=channel, sku=shop.LANTERN.sku, source="stock")
    bought = make_key_product(
        channel=channel,
        sku=shop.ORBIT.sku,
        source="suppliers",
        max_unit_cost_amount=Decimal(40),
        max_unit_cost_currency="EUR",
        price="49.00",
    )
    wanted = {
        Kind.STOCK: ([(stock, 2)], (Line(shop.NEON, 2),), "full"),
        Kind.BOUGHT: ([(bought, 1)], (Line(shop.ORBIT, 1),), "full"),
        Kind.RESTOCKED: ([(sold_out, 1)], (Line(shop.LANTERN, 1),), "full"),
        Kind.UNPAID: ([(stock, 1)], (Line(shop.NEON, 1),), "none"),
    }
    placed, orders = [], {}
    account = suppliers.create(
        name=supplier.name,
        adapter=supplier.adapter,
        values={"config": supplier.settings, "secrets": dict(supplier.secrets)},
    )
    make_mapping(bought, account, SELLERS[supplier.adapter].product_ids[0])
    for kind, (lines, planned, charged) in wanted.items():
        email = f"{kind.name.lower()}@example.com"
        order = buy(channel=channel, lines=lines, email=email, charge_status=charged)
        run(order)
        paid_at = None if charged == "none" else 0.0
        plan = PlannedOrder(kind=kind, email=email, language="EN", lines=planned)
        placed.append(PlacedOrder(planned=plan, number=str(order.number), paid_at=paid_at))
        orders[kind] = order
    return Day(placed=placed, supplier=supplier, mails=_sent(), orders=orders)


def _sent() -> list[Mail]:
    return [
        each
        for message in mail.outbox
        for each in mail_sink.read(
            message.message().as_bytes(), recipients=message.to, received_at=1.0
        )
    ]


@pytest.fixture
def ordinary_order(channel):
    """A paid order of a product that is no key product."""
    variant = make_variant(name=shop.ART_BOOK.name, channel=channel)
    order = make_order(channel=channel, lines=[(variant, 1)])
    plan = PlannedOrder(
        kind=Kind.MIXED, email="mixed@example.com", language="EN", lines=(Line(shop.ART_BOOK, 1),)
    )
    return order, PlacedOrder(planned=plan, number=str(order.number), paid_at=0.0)
