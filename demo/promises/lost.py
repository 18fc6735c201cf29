"""Nothing lost: every paid key is delivered, or somebody or something is about to see to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import Count, Q
from saleor.order.models import Order, OrderLine

from demo import shop
from demo.customers import PlacedOrder
from demo.mail_sink import Mail
from demo.promises import mailbox
from demo.promises.promise import Promise
from saleor_cdkeys.models import Alert, DeliveryItem, KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, UnitStatus


def check(placed: Iterable[PlacedOrder], *, mails: Iterable[Mail]) -> Promise:
    paid = [order for order in placed if order.planned.kind not in shop.GET_NOTHING]
    mailed = _mailed_units(mails)
    broken: list[str] = []
    seen: Counter[str] = Counter()
    for order in paid:
        broken += [f"order {order.number}: {text}" for text in _of_order(order, mailed, seen)]
    owed = sum(order.planned.owed for order in paid)
    if seen["delivered"] + seen["waiting"] != owed:
        broken.append(f"{seen['delivered'] + seen['waiting']} keys on record of {owed} paid")
    facts = [f"{seen['delivered']} of {owed} paid keys delivered and fulfilled in Saleor"]
    if seen["waiting"]:
        facts.append(f"{seen['waiting']} wait with a next try or an open alert")
    facts.append(f"{seen['other']} units of ordinary products in mixed carts left alone")
    return Promise(title="Nothing lost", facts=tuple(facts), broken=tuple(broken))


def _mailed_units(mails: Iterable[Mail]) -> dict[int, set[str]]:
    """Of each unit to whom a mail about it came."""
    recipients = {
        delivery.pk: {mail.recipient for mail in came}
        for delivery, came in mailbox.by_delivery(mails).items()
        if delivery is not None
    }
    units: dict[int, set[str]] = {}
    for delivery_id, unit_id in DeliveryItem.objects.values_list("delivery_id", "unit_id"):
        units.setdefault(unit_id, set()).update(recipients.get(delivery_id, set()))
    return units


def _of_order(order: PlacedOrder, mailed: dict[int, set[str]], seen: Counter[str]) -> Iterator[str]:
    lines = {line.pk: line for line in Order.objects.get(number=order.number).lines.all()}
    delivered = Count("units", filter=Q(units__status=UnitStatus.DELIVERED))
    key_orders = KeyOrder.objects.filter(order_line_id__in=lines).annotate(
        delivered=delivered, owed=Count("units")
    )
    for key_order in key_orders:
        line = lines.pop(key_order.order_line_id)
        if key_order.owed != line.quantity:
            yield f"{key_order.owed} units for {line.quantity} paid"
        if line.quantity_fulfilled != key_order.delivered:
            yield f"{line.quantity_fulfilled} fulfilled in Saleor, {key_order.delivered} delivered"
        seen["delivered"] += key_order.delivered
        seen["waiting"] += key_order.owed - key_order.delivered
        for unit in key_order.units.filter(status=UnitStatus.DELIVERED):
            if order.planned.email not in mailed.get(unit.pk, set()):
                yield f"{unit} is delivered, but no mail came"
        if not _is_looked_after(key_order):
            yield f"{key_order.product_name} is {key_order.status}, and nobody will see to it"
    yield from _of_other_lines(order, lines.values(), seen)


def _of_other_lines(
    order: PlacedOrder, lines: Iterable[OrderLine], seen: Counter[str]
) -> Iterator[str]:
    """Lines without a key order: ordinary products, which the plugin must not touch."""
    names = {line.goods.name for line in order.planned.lines if not line.goods.source}
    for line in lines:
        if line.product_name not in names:
            yield f"{line.product_name} was paid and never recorded"
        elif line.quantity_fulfilled:
            yield f"{line.product_name} is no key product and was fulfilled all the same"
        seen["other"] += line.quantity


def _is_looked_after(key_order: KeyOrder) -> bool:
    if key_order.status == KeyOrderStatus.DELIVERED:
        return key_order.delivered == key_order.owed
    subjects = (f"key_order:{key_order.pk}", f"key_product:{key_order.key_product_id}")
    cause = Q(key_order=key_order) | Q(subject__in=subjects)
    return (
        key_order.next_run_at is not None
        or Alert.objects.filter(cause, resolved_at__isnull=True).exists()
    )
