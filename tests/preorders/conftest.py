"""A game that is out in thirty days, at a supplier that sells it before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.formats import date_format

from saleor_cdkeys import sweeper
from saleor_cdkeys.acquisition import products
from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.delivery.send import due_deliveries, send
from saleor_cdkeys.models import KeyProduct, Purchase, SupplierMapping
from saleor_cdkeys.orders.runner import run_order
from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Product, Shop
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier

GAME = "5c9b5f7b2539a4e8f172916a"
TODAY = timezone.now().date()
RELEASE = TODAY + dt.timedelta(days=30)


@dataclasses.dataclass(frozen=True)
class Scene:
    """What there is, and what a supplier may do."""

    server: KinguinServer
    product: KeyProduct
    mapping: SupplierMapping

    def release(self) -> None:
        """The supplier hands out what it sold before."""
        for purchase in Purchase.objects.all():
            self.server.books.order(purchase.supplier_order_id).is_released = True

    def moves_to(self, day: dt.date) -> None:
        """The supplier tells of another day, and the mapping hears of it."""
        SupplierMapping.objects.filter(pk=self.mapping.pk).update(
            release_date=day, is_preorder=True, seen_at=timezone.now()
        )


def in_words(day: dt.date) -> str:
    """The day as English messages write it."""
    return date_format(day, "N j, Y")


def send_due() -> None:
    """Send what is due, as the sweeper has it done."""
    for delivery_id in due_deliveries(limit=10):
        send(delivery_id=delivery_id)


def sweep() -> sweeper.Sweep:
    """What a worker does: whatever is due is run, and sent."""
    found = sweeper.sweep(run=lambda order_id: run_order(order_id=order_id), send=lambda _id: None)
    send_due()
    return found


def set_moment(product, release_at) -> None:
    """Staff set the product's own moment of release, or take it away."""
    products.update(key_product_id=product.pk, values={"release_at": release_at})


def told() -> list[str]:
    """The subjects of all messages to customers, without the order's number."""
    return [message.subject.partition(": ")[2] or message.subject for message in mail.outbox]


@pytest.fixture
def server(settings):
    settings.CDKEYS_SUPPLIER_TIMEOUT = 20.0
    shop = Shop([Product(GAME, Decimal("5.00"))], late_seconds=3600)
    with KinguinServer(shop, api_key="key-1", hang_seconds=1.0) as server:
        server.books.details[GAME] = Details(is_preorder=True, release_date=RELEASE.isoformat())
        yield server


@pytest.fixture
def scene(channel, server):
    supplier = make_supplier(name="Kinguin", adapter="kinguin", config={"base_url": server.url})
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets={"api_key": "key-1"})
    supplier.save()
    product = make_key_product(
        channel=channel, source="suppliers", price="20.00", allow_preorder=True
    )
    return Scene(server=server, product=product, mapping=make_mapping(product, supplier, GAME))
