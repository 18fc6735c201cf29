"""What product variants cost in Saleor's channels: reading it, and setting it."""

from __future__ import annotations

import dataclasses
import functools
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction
from saleor.plugins.manager import get_plugins_manager
from saleor.product.models import ProductVariant, ProductVariantChannelListing
from saleor.product.utils.product import mark_products_in_channels_as_dirty

from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.values import Money

logger = logging.getLogger(__name__)

_COLUMNS = (
    "variant_id",
    "channel_id",
    "channel__slug",
    "currency",
    "price_amount",
    "discounted_price_amount",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """A variant that has a price in a channel. ``discounted``: with Saleor's promotions."""

    variant_id: int
    channel_id: int
    channel: str
    price: Money
    discounted: Money


def listings_of(*, variant_ids: Collection[int]) -> dict[int, tuple[Listing, ...]]:
    """Where the variants have a price, by channel id. One without a price is not sold there."""
    rows = (
        ProductVariantChannelListing.objects.filter(
            variant_id__in=variant_ids, price_amount__isnull=False
        )
        .order_by("variant_id", "channel_id")
        .values_list(*_COLUMNS)
    )
    found: dict[int, list[Listing]] = defaultdict(list)
    for variant_id, channel_id, slug, currency, amount, discounted in rows:
        price = Money(amount, currency)
        paid = price if discounted is None else Money(min(amount, discounted), currency)
        found[variant_id].append(Listing(variant_id, channel_id, slug, price, paid))
    return {variant_id: tuple(listings) for variant_id, listings in found.items()}


def lock_listings(*, variant_id: int) -> None:
    """Let nobody change the variant's prices until the transaction ends."""
    listings = ProductVariantChannelListing.objects.filter(variant_id=variant_id)
    list(listings.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def set_prices(*, variant_id: int, amounts: Mapping[int, Decimal]) -> None:
    """Set the prices of a variant by channel id, in the currencies of the channels.

    As when staff do it: the discounted price is the same until Saleor's own task has worked out
    the promotions anew, and apps are told when the transaction is over. Call it in the transaction
    in which the listings were locked and read.
    """
    product_id = ProductVariant.objects.values_list("product_id", flat=True).get(pk=variant_id)
    for channel_id, amount in sorted(amounts.items()):
        ProductVariantChannelListing.objects.filter(
            variant_id=variant_id, channel_id=channel_id
        ).update(price_amount=amount, discounted_price_amount=amount)
    mark_products_in_channels_as_dirty({channel_id: {product_id} for channel_id in amounts})
    transaction.on_commit(functools.partial(_announce, variant_id))


def _announce(variant_id: int) -> None:
    """It never raises: the prices are committed, and a broker that is down stops nothing."""
    try:
        variant = ProductVariant.objects.get(pk=variant_id)
        get_plugins_manager(allow_replica=False).product_variant_updated(variant)
    except Exception as error:
        log_failure(logger, f"Telling apps of the price of variant {variant_id} failed", error)
