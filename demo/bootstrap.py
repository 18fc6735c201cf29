"""What a shop has before it sells keys: a channel, products with prices, and an app with a token.

Through Saleor's models, the same on the stand-in and in Saleor. Django must be set up.
"""

from __future__ import annotations

import dataclasses

from django.apps import apps
from django.contrib.sites.models import Site
from django.utils import timezone
from saleor.app.models import App
from saleor.channel.models import Channel
from saleor.permission.models import Permission
from saleor.product.models import (
    Product,
    ProductChannelListing,
    ProductType,
    ProductVariant,
    ProductVariantChannelListing,
)
from saleor.site.models import SiteSettings

from demo.shop import GOODS, Goods

_PERMISSIONS = ("manage_orders", "manage_products", "manage_plugins", "handle_payments")


@dataclasses.dataclass(frozen=True, slots=True)
class Premises:
    """Primary keys of what was made. ``variants`` by the SKU of the demo's goods."""

    channel_id: int
    channel_slug: str
    variants: dict[str, int]
    token: str


def make_premises() -> Premises:
    """Raises IntegrityError in a database where the demo was before."""
    SiteSettings.objects.get_or_create(site=Site.objects.get_current())
    channel = Channel.objects.create(
        name="Demo shop",
        slug="demo",
        currency_code="EUR",
        default_country="DE",
        is_active=True,
        order_mark_as_paid_strategy="transaction_flow",
    )
    if apps.is_installed("saleor.tax"):
        # Saleor's own way to a channel makes it, too; the stand-in does without.
        from saleor.tax.models import TaxConfiguration

        TaxConfiguration.objects.create(channel=channel)
    product_type = ProductType.objects.create(
        name="Games", slug="games", is_shipping_required=False, has_variants=False
    )
    variants = {goods.sku: _make_variant(goods, channel, product_type) for goods in GOODS}
    return Premises(
        channel_id=channel.pk,
        channel_slug=channel.slug,
        variants=variants,
        token=_make_app(),
    )


def _make_variant(goods: Goods, channel: Channel, product_type: ProductType) -> int:
    product = Product.objects.create(
        name=goods.name, slug=goods.sku.lower(), product_type=product_type
    )
    ProductChannelListing.objects.create(
        product=product,
        channel=channel,
        is_published=True,
        visible_in_listings=True,
        available_for_purchase_at=timezone.now(),
        currency=channel.currency_code,
    )
    variant = ProductVariant.objects.create(product=product, sku=goods.sku, track_inventory=False)
    ProductVariantChannelListing.objects.create(
        variant=variant,
        channel=channel,
        price_amount=goods.price,
        discounted_price_amount=goods.price,
        currency=channel.currency_code,
    )
    return int(variant.pk)


def _make_app() -> str:
    app = App.objects.create(name="Demo", is_active=True, is_installed=True)
    app.permissions.set(Permission.objects.filter(codename__in=_PERMISSIONS))
    _row, token = app.tokens.create(name="demo")
    return str(token)
