"""Keys, masked, and what is recorded of them. What is sealed stays in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from saleor_cdkeys.graphql.loaders.base import RowById, RowsByOwner
from saleor_cdkeys.host.graphql import DataLoader
from saleor_cdkeys.models import DeliveryLink, Key, KeyAccess, KeyBatch
from saleor_cdkeys.statuses import KeyStatus

#: Never needed to show a key.
SEALED = ("sealed", "fingerprint")


class BatchById(RowById):
    context_key = "cdkeys_batch_by_id"
    model = KeyBatch


class KeyByUnit(DataLoader):
    """The live key of a unit, or None."""

    context_key = "cdkeys_key_by_unit"

    def batch_load(self, keys: Iterable[int]) -> list[Key | None]:
        keys = list(keys)
        live = Key.objects.using(self.database_connection_name).filter(
            unit_id__in=keys, status=KeyStatus.ASSIGNED
        )
        found: dict[int | None, Key] = {key.unit_id: key for key in live.defer(*SEALED)}
        return [found.get(key) for key in keys]


class AccessesByKey(RowsByOwner):
    context_key = "cdkeys_accesses_by_key"
    owner = "key_id"

    def rows(self, keys: Collection[int]) -> QuerySet[KeyAccess]:
        return KeyAccess.objects.filter(key_id__in=keys).order_by("pk")


class LatestLinkByDelivery(DataLoader):
    """The newest link of a delivery, without its token's hash, or None."""

    context_key = "cdkeys_latest_link_by_delivery"

    def batch_load(self, keys: Iterable[int]) -> list[Any]:
        keys = list(keys)
        links = (
            DeliveryLink.objects.using(self.database_connection_name)
            .filter(delivery_id__in=keys)
            .order_by("delivery_id", "-pk")
            .distinct("delivery_id")
            .defer("token_hash")
        )
        found = {link.delivery_id: link for link in links}
        return [found.get(key) for key in keys]
