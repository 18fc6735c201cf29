"""Asking suppliers for their prices, and which of them is to sell first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import lease
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.purchasing import noes
from saleor_cdkeys.acquisition.purchasing.noes import No
from saleor_cdkeys.acquisition.purchasing.offers import Buyer, Offer, weigh
from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.statuses import Reason, SupplierChoice, UnitStatus
from saleor_cdkeys.suppliers.base import SupplierAdapter


def asking_order(
    buyer: Buyer, lease_token: uuid.UUID, refusals: list[No]
) -> Sequence[SupplierMapping]:
    """The mappings of the key order's product in the order in which they are to sell.

    Paused suppliers are left out; where the cheapest is wanted and there are several, each is asked
    first, and who does not sell is left out as well. Why goes to ``refusals``. Raises LeaseLost.
    """
    product = buyer.key_order.key_product
    mappings: list[SupplierMapping] = []
    for mapping in mappings_of(buyer):
        pause = pause_of(mapping)
        if pause is None:
            mappings.append(mapping)
        else:
            refusals.append(pause)
    if product.supplier_choice != SupplierChoice.CHEAPEST or len(mappings) < 2:
        return mappings
    wanted = buyer.key_order.units.filter(status=UnitStatus.OPEN).count()
    offers: list[Offer] = []
    for mapping in mappings:
        lease.renew(key_order_id=buyer.key_order.pk, lease_token=lease_token)
        answer = ask_once(buyer, mapping, wanted)
        if isinstance(answer, No):
            refusals.append(answer)
        else:
            offers.append(answer)
    return [offer.mapping for offer in sorted(offers, key=by_cost)]


def mappings_of(buyer: Buyer) -> list[SupplierMapping]:
    """The active mappings to active accounts, by position."""
    mappings = SupplierMapping.objects.select_related("supplier").filter(
        key_product_id=buyer.key_order.key_product_id, is_active=True, supplier__is_active=True
    )
    return list(mappings.order_by("position", "id"))


def ask_once(buyer: Buyer, mapping: SupplierMapping, wanted: int) -> Offer | No:
    """An offer of a supplier, whose connection is opened and closed for that."""
    try:
        with open_account(supplier=mapping.supplier) as adapter:
            return ask(adapter, buyer, mapping, wanted)
    except CdKeysError as error:
        return noes.from_error(error, mapping=mapping)


def ask(
    adapter: SupplierAdapter, buyer: Buyer, mapping: SupplierMapping, wanted: int
) -> Offer | No:
    """What the supplier offers for ``wanted`` keys at this moment, or why it does not."""
    try:
        quote = adapter.quote(supplier_product_id=mapping.supplier_product_id, quantity=wanted)
    except CdKeysError as error:
        return noes.from_error(error, mapping=mapping)
    except Exception as error:
        return noes.from_bug(error, mapping=mapping)
    noes.supplier_is_well(mapping)
    return weigh(
        buyer=buyer,
        mapping=mapping,
        quote=quote,
        wanted=wanted,
        takes_quantity=adapter.capabilities.quantity,
    )


def by_cost(offer: Offer) -> tuple[bool, bool, Decimal, int, int]:
    """Pre-orders come after what is there now, at whatever price: the customer paid for a key.

    Those whose cost cannot be compared come last of each, in their own order.
    """
    amount = offer.cost.amount if offer.cost is not None else Decimal(0)
    cost = offer.cost is None, amount
    return offer.quote.is_preorder, *cost, offer.mapping.position, offer.mapping.pk


def pause_of(mapping: SupplierMapping) -> No | None:
    """Why nothing is bought at the supplier for now, if it is paused."""
    supplier = mapping.supplier
    if not supplier.pause_reason:
        return None
    until = supplier.paused_until
    seconds = 0.0 if until is None else (until - timezone.now()).total_seconds()
    return No(
        Reason.SUPPLIER_ERROR,
        _("%(supplier)s is paused: %(message)s")
        % {"supplier": supplier.name, "message": supplier.pause_message},
        retry_after=max(seconds, 1.0),
    )
