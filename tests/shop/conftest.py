"""A product of two suppliers that said what they have, sold in a channel from a warehouse."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from saleor.product.models import ProductVariant, ProductVariantChannelListing
from saleor.warehouse.models import Stock

from saleor_cdkeys.models import ExchangeRate, KeyProduct, SupplierMapping
from tests.factories import make_warehouse
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier


@dataclasses.dataclass(frozen=True)
class Scene:
    """The rows. ``first`` and ``second`` are mappings: 5.00 EUR, 3 of them; 4.00 EUR, 2."""

    channel: Any
    warehouse: Any
    product: KeyProduct
    first: SupplierMapping
    second: SupplierMapping

    def follow(self, **fields) -> None:
        """Set these fields of the key product."""
        KeyProduct.objects.filter(pk=self.product.pk).update(**fields)

    @property
    def listing(self) -> ProductVariantChannelListing:
        return ProductVariantChannelListing.objects.get(
            variant_id=self.product.variant_id, channel=self.channel
        )

    @property
    def price(self) -> Decimal:
        return self.listing.price_amount

    @property
    def quantities(self) -> dict[str, int]:
        """The stock by the slug of the warehouse."""
        rows = Stock.objects.filter(product_variant_id=self.product.variant_id)
        return dict(rows.order_by("pk").values_list("warehouse__slug", "quantity"))

    @property
    def variant(self) -> ProductVariant:
        return ProductVariant.objects.get(pk=self.product.variant_id)


def offer(product, name, price, available, *, currency="EUR", position=0, **fields):
    """A mapping of a supplier of its own that has just said this."""
    mapping = make_mapping(product, make_supplier(name=name), "P1", position)
    said = {
        "price_amount": Decimal(price),
        "price_currency": currency,
        "available": available,
        "seen_at": timezone.now(),
        **fields,
    }
    SupplierMapping.objects.filter(pk=mapping.pk).update(**said)
    mapping.refresh_from_db()
    return mapping


def rate(value, *, base="EUR", currency="USD", date=None):
    """One unit of ``base`` is so much of ``currency``."""
    ExchangeRate.objects.create(
        base=base, currency=currency, rate=Decimal(value), date=date or timezone.now().date()
    )


@pytest.fixture
def scene(channel):
    product = make_key_product(channel=channel, price="20.00")
    return Scene(
        channel=channel,
        warehouse=make_warehouse(channel),
        product=product,
        first=offer(product, "Alpha", "5.00", 3),
        second=offer(product, "Beta", "4.00", 2, position=1),
    )
