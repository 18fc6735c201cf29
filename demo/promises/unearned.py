"""Nothing given away: who did not pay, or cancelled, has no key, and none is set aside for him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from saleor.order.models import Order

from demo import shop
from demo.customers import PlacedOrder
from demo.mail_sink import Mail, with_keys
from demo.promises.promise import Promise
from demo.shop import Kind
from saleor_cdkeys.models import Key, KeyOrder, Purchase
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus

_RESTS_AS = {Kind.UNPAID: KeyOrderStatus.PENDING, Kind.CANCELED: KeyOrderStatus.CANCELED}


def check(placed: Iterable[PlacedOrder], *, mails: Sequence[Mail]) -> Promise:
    orders = [order for order in placed if order.planned.kind in shop.GET_NOTHING]
    kinds = Counter(order.planned.kind for order in orders)
    broken = [f"order {order.number}: {text}" for order in orders for text in _of(order, mails)]
    facts = (
        f"{kinds[Kind.UNPAID]} orders that were never paid and {kinds[Kind.CANCELED]} that were "
        "cancelled got no key",
    )
    return Promise(title="Nothing given away", facts=facts, broken=tuple(broken))


def _of(order: PlacedOrder, mails: Sequence[Mail]) -> Iterator[str]:
    key_orders = KeyOrder.objects.filter(order_number=order.number)
    if not key_orders:
        yield "was never recorded"
    for key_order in key_orders:
        if key_order.status != _RESTS_AS[order.planned.kind]:
            yield f"is {key_order.status}"
    if Key.objects.filter(unit__key_order__in=key_orders, status=KeyStatus.ASSIGNED).exists():
        yield "has a key"
    if Purchase.objects.filter(key_order__in=key_orders).exists():
        yield "had a key bought for it"
    if with_keys(mails, recipient=order.planned.email):
        yield "got a mail with keys"
    if any(line.quantity_fulfilled for line in Order.objects.get(number=order.number).lines.all()):
        yield "was fulfilled in Saleor"
