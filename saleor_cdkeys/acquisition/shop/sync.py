"""Keeping stock and prices in the shop where they ought to be: the only writer of both.

All products that follow are looked at in turn, many in each query; only what differs is decided
again under Saleor's own locks, written, and recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.acquisition.shop import changes
from saleor_cdkeys.acquisition.shop.circumstances import circumstances
from saleor_cdkeys.acquisition.shop.costs import Circumstances
from saleor_cdkeys.acquisition.shop.facts import Facts, read_facts
from saleor_cdkeys.acquisition.shop.plan import ShopPlan, plan
from saleor_cdkeys.acquisition.shop.troubles import Troubles
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.host import prices, shop_stock
from saleor_cdkeys.models import KeyProduct, ShopTurn
from saleor_cdkeys.statuses import PriceRule

logger = logging.getLogger(__name__)

#: Products that are read together, and how many times that at most in one go.
_BATCH = 500
_BATCHES = 20
#: The row that says where the last go stopped.
_TURN = 1


def follow_in_shop() -> int:
    """Bring the shop to where it ought to be, for the next products in turn.

    Returns how many products changed. What cannot follow is alerted; a product that fails does not
    stop the others.
    """
    after = ShopTurn.objects.filter(pk=_TURN).values_list("after", flat=True).first() or 0
    around: Circumstances | None = None
    troubles = Troubles()
    changed = 0
    for _batch in range(_BATCHES):
        batch = list(followed().filter(pk__gt=after).order_by("pk")[:_BATCH])
        if batch and around is None:
            around = circumstances(troubles)
        if batch and around is not None:
            changed += sum(_follow(facts, around, troubles) for facts in read_facts(batch))
        after = batch[-1].pk if len(batch) == _BATCH else 0
        if not after:
            break
    ShopTurn.objects.update_or_create(pk=_TURN, defaults={"after": after})
    troubles.tell()
    return changed


def followed() -> QuerySet[KeyProduct]:
    """The key products whose stock or price in the shop follows."""
    return KeyProduct.objects.filter(Q(follows_stock=True) | ~Q(price_rule=PriceRule.NONE))


def preview(*, key_product_id: int) -> ShopPlan:
    """What would change in the shop for a key product at this moment. Raises InvalidInput."""
    product = KeyProduct.objects.filter(pk=key_product_id).first()
    if product is None:
        raise products.unknown()
    (found,) = previews([product])
    return found[1]


def previews(rows: Sequence[KeyProduct]) -> Iterator[tuple[KeyProduct, ShopPlan]]:
    """What would change in the shop for each of these key products."""
    around = circumstances(Troubles())
    for start in range(0, len(rows), _BATCH):
        for facts in read_facts(rows[start : start + _BATCH]):
            yield facts.product, plan(facts, around)


def sync_product(*, key_product_id: int) -> ShopPlan:
    """Bring the shop to where it ought to be for one key product now; returns what was decided.

    Raises InvalidInput for one that is not there, or that another worker is at.
    """
    if not KeyProduct.objects.filter(pk=key_product_id).exists():
        raise products.unknown()
    done = _write(key_product_id, circumstances(Troubles()))
    if done is None:
        raise InvalidInput(
            _("The key product is being changed right now. Try again in a moment."),
            field="id",
            code="busy",
        )
    return done


def _follow(facts: Facts, around: Circumstances, troubles: Troubles) -> bool:
    try:
        planned = plan(facts, around)
        troubles.note(facts.product, planned)
        return planned.is_change and _write(facts.product.pk, around) is not None
    except Exception as error:
        log_failure(logger, f"Key product {facts.product.pk} does not follow in the shop", error)
        return False


def _write(key_product_id: int, around: Circumstances) -> ShopPlan | None:
    """Decide again under locks and write what differs; None where another worker is at it."""
    with transaction.atomic():
        rows = KeyProduct.objects.select_for_update(no_key=True, skip_locked=True)
        product = rows.filter(pk=key_product_id).first()
        if product is None:
            return None
        prices.lock_listings(variant_id=product.variant_id)
        shop_stock.lock_stock(variant_id=product.variant_id)
        (facts,) = read_facts([product])
        planned = plan(facts, around)
        changes.write(product, planned)
    return planned
