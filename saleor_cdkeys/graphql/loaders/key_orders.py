"""Key orders and what hangs on them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, QuerySet

from saleor_cdkeys.graphql.loaders.base import RowById, RowsByOwner
from saleor_cdkeys.host.graphql import DataLoader
from saleor_cdkeys.models import (
    Alert,
    Delivery,
    DeliveryItem,
    KeyOrder,
    KeyOrderEvent,
    KeyUnit,
    Purchase,
)


class KeyOrderById(RowById):
    context_key = "cdkeys_key_order_by_id"
    model = KeyOrder


class UnitById(RowById):
    context_key = "cdkeys_unit_by_id"
    model = KeyUnit
    related = ("key_order",)


class PurchaseById(RowById):
    context_key = "cdkeys_purchase_by_id"
    model = Purchase
    related = ("key_order",)


class KeyOrdersByOrder(RowsByOwner):
    """The key orders of Saleor's orders, in the order of their lines."""

    context_key = "cdkeys_key_orders_by_order"
    owner = "order_id"

    def rows(self, keys: Collection[uuid.UUID]) -> QuerySet[KeyOrder]:
        return KeyOrder.objects.filter(order_id__in=keys).order_by("pk")


class UnitsByKeyOrder(RowsByOwner):
    context_key = "cdkeys_units_by_key_order"
    owner = "key_order_id"

    def rows(self, keys: Collection[int]) -> QuerySet[KeyUnit]:
        units = KeyUnit.objects.filter(key_order_id__in=keys)
        return units.select_related("key_order").order_by("key_order_id", "number")


class EventsByKeyOrder(RowsByOwner):
    context_key = "cdkeys_events_by_key_order"
    owner = "key_order_id"

    def rows(self, keys: Collection[int]) -> QuerySet[KeyOrderEvent]:
        return KeyOrderEvent.objects.filter(key_order_id__in=keys).order_by("key_order_id", "pk")


class PurchasesByKeyOrder(RowsByOwner):
    context_key = "cdkeys_purchases_by_key_order"
    owner = "key_order_id"

    def rows(self, keys: Collection[int]) -> QuerySet[Purchase]:
        # What suppliers answered may hold keys, and is large.
        purchases = Purchase.objects.filter(key_order_id__in=keys).defer("sealed_answer")
        return purchases.order_by("pk")


class AlertsByKeyOrder(RowsByOwner):
    context_key = "cdkeys_alerts_by_key_order"
    owner = "key_order_id"

    def rows(self, keys: Collection[int]) -> QuerySet[Alert]:
        return Alert.objects.filter(key_order_id__in=keys).order_by("-pk")


class UnitCounts(DataLoader):
    """How many units of a key order have which status."""

    context_key = "cdkeys_unit_counts"

    def batch_load(self, keys: Iterable[int]) -> list[dict[str, int]]:
        keys = list(keys)
        counted = (
            KeyUnit.objects.using(self.database_connection_name)
            .filter(key_order_id__in=keys)
            .order_by()
            .values_list("key_order_id", "status")
            .annotate(count=Count("pk"))
        )
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for key_order_id, status, count in counted:
            found[key_order_id][status] = count
        return [found[key] for key in keys]


class DeliveriesByKeyOrder(DataLoader):
    """The messages that are about a unit of a key order or its release, oldest first."""

    context_key = "cdkeys_deliveries_by_key_order"

    def batch_load(self, keys: Iterable[int]) -> list[list[Delivery]]:
        keys = list(keys)
        using = self.database_connection_name
        items = DeliveryItem.objects.using(using).filter(unit__key_order_id__in=keys).order_by()
        notices = Delivery.objects.using(using).filter(release_of_id__in=keys).order_by()
        pairs = items.values_list("unit__key_order_id", "delivery_id").union(
            notices.values_list("release_of_id", "pk")
        )
        ids: dict[int, list[int]] = defaultdict(list)
        for key_order_id, delivery_id in sorted(pairs):
            ids[key_order_id].append(delivery_id)
        wanted = {pk for found in ids.values() for pk in found}
        rows: dict[int, Any] = Delivery.objects.using(using).in_bulk(wanted)
        return [[rows[pk] for pk in ids[key]] for key in keys]
