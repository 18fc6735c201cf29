"""What would be bought for a key order, where and for how much, without buying."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.purchasing.asking import (
    ask_once,
    by_cost,
    mappings_of,
    pause_of,
)
from saleor_cdkeys.acquisition.purchasing.noes import No
from saleor_cdkeys.acquisition.purchasing.offers import Buyer, Offer
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.converting import Rates
from saleor_cdkeys.host import orders as host_orders
from saleor_cdkeys.models import KeyOrder, SupplierMapping
from saleor_cdkeys.statuses import Source, SupplierChoice, UnitStatus
from saleor_cdkeys.values import Money


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """One mapping: how many keys would be bought there, and its offer or why it has none."""

    mapping: SupplierMapping
    quantity: int
    answer: Offer | No


@dataclasses.dataclass(frozen=True, slots=True)
class DryRun:
    """``wanted`` keys are open; ``from_stock`` come from stock, ``missing`` from nowhere.

    ``asks`` are in the order in which suppliers would sell; those that would not come last.
    """

    wanted: int
    from_stock: int
    asks: tuple[Ask, ...]

    @property
    def missing(self) -> int:
        return self.wanted - self.from_stock - sum(ask.quantity for ask in self.asks)

    @property
    def cost(self) -> Money | None:
        """What would be paid in all, in the currency of the order; None where that is not known."""
        total: Money | None = None
        for ask in self.asks:
            if not isinstance(ask.answer, Offer) or not ask.quantity:
                continue
            if ask.answer.cost is None:
                return None
            cost = ask.answer.cost.times(ask.quantity)
            total = cost if total is None else Money(total.amount + cost.amount, cost.currency)
        return total


def dry_run(*, key_order_id: int) -> DryRun:
    """Ask every supplier of a key order for its price, and say what would be bought.

    It decides as buying does, at this moment's prices and rates; nothing is reserved. Raises
    InvalidInput for a key order that does not exist. Talks to suppliers, so no transaction may be
    open.
    """
    key_order = KeyOrder.objects.select_related("key_product").filter(pk=key_order_id).first()
    if key_order is None:
        raise InvalidInput(_("There is no such key order."), field="id", code="not_found")
    buyer = Buyer(
        key_order=key_order,
        country=host_orders.read_country(key_order.order_id),
        rates=Rates.read(),
    )
    wanted = key_order.units.filter(status=UnitStatus.OPEN).count()
    from_stock = _from_stock(key_order)
    return DryRun(
        wanted=wanted,
        from_stock=from_stock,
        asks=tuple(_asks(buyer, wanted - from_stock)),
    )


def _from_stock(key_order: KeyOrder) -> int:
    source = key_order.key_product.source
    if source == Source.MANUAL:
        return 0
    return stock.count_for(key_order_id=key_order.pk, bought_only=source == Source.SUPPLIERS)


def _asks(buyer: Buyer, wanted: int) -> list[Ask]:
    product = buyer.key_order.key_product
    if product.source not in (Source.SUPPLIERS, Source.STOCK_THEN_SUPPLIERS):
        return []
    noes: list[Ask] = []
    offers: list[Offer] = []
    for mapping in mappings_of(buyer):
        answer = pause_of(mapping) or ask_once(buyer, mapping, max(wanted, 1))
        if isinstance(answer, Offer):
            offers.append(answer)
        else:
            noes.append(Ask(mapping=mapping, quantity=0, answer=answer))
    if product.supplier_choice == SupplierChoice.CHEAPEST:
        offers.sort(key=by_cost)
    sold: list[Ask] = []
    for offer in offers:
        available = offer.quote.available
        quantity = wanted if available is None else min(wanted, available)
        wanted -= quantity
        sold.append(Ask(mapping=offer.mapping, quantity=quantity, answer=offer))
    return sold + noes
