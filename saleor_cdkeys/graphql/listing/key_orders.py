"""The list of key orders."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeyOrderReasonEnum, CdKeyOrderStatusEnum
from saleor_cdkeys.graphql.ids import host_id, own_id
from saleor_cdkeys.graphql.listing.times import CdKeyTimeRangeInput, ids_within, within
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import CdKeyOrderCountableConnection
from saleor_cdkeys.host.access import channel_ids_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    get_database_connection_name,
)
from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus

#: Few of all key orders have one of these.
_UNFINISHED = frozenset(KeyOrderStatus.values) - {
    KeyOrderStatus.DELIVERED.value,
    KeyOrderStatus.REFUNDED.value,
    KeyOrderStatus.CANCELED.value,
}


class CdKeyOrderFilterInput(BaseInputObjectType):
    status = NonNullList(CdKeyOrderStatusEnum, description="With one of these statuses.")
    reason = NonNullList(CdKeyOrderReasonEnum, description="With one of these reasons.")
    channels = NonNullList(graphene.ID, description="Of one of these channels.")
    order_number = graphene.String(description="Of the order with exactly this number.")
    email = graphene.String(description="Of customers with exactly this address.")
    key_product = graphene.ID(description="Of this key product.")
    created_at = CdKeyTimeRangeInput(description="That came in within these times.")

    class Meta:
        description = "Which key orders; each field narrows them further."
        doc_category = DOC_CATEGORY_ORDERS


def page(info: Any, wanted: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
    """A page of the key orders that are wanted and that who asks may see."""
    rows = KeyOrder.objects.using(get_database_connection_name(info.context))
    times = wanted.get("created_at")
    ids = ids_within(rows, times)
    conditions = _conditions(info, wanted)
    column = _index(conditions)
    branches = {} if column is None else {column: conditions.pop(column)}
    if column == "channel_id":
        # Its index goes by status as well; where none is wanted, all of them are looked through.
        branches["status"] = conditions.pop("status", set(KeyOrderStatus.values))
    if column == "reason":
        rows = rows.exclude(reason="")
    rows = rows.filter(**{f"{name}__in": list(values) for name, values in conditions.items()})
    return connection(
        within(rows, times),
        info,
        arguments,
        CdKeyOrderCountableConnection,
        branches=branches,
        ids=ids,
    )


def _index(conditions: Mapping[str, Set[Any]]) -> str | None:
    """The column by whose index the list is read: that which leaves the fewest rows."""
    statuses = conditions.get("status", set())
    is_unfinished = bool(statuses) and statuses <= _UNFINISHED
    order = ["order_number", "email", "key_product_id", "reason", "channel_id", "status"]
    if is_unfinished and "channel_id" not in conditions:
        order.insert(2, "status")
    return next((column for column in order if column in conditions), None)


def _conditions(info: Any, wanted: Mapping[str, Any]) -> dict[str, Set[Any]]:
    """What is wanted, and what may be seen: column → its values."""
    found: dict[str, Set[Any]] = {}
    if wanted.get("order_number"):
        found["order_number"] = {wanted["order_number"].strip().removeprefix("#")}
    if wanted.get("email"):
        found["email"] = {wanted["email"].strip()}
    if wanted.get("key_product"):
        found["key_product_id"] = {own_id(wanted["key_product"], "CdKeyProduct")}
    for name in ("reason", "status"):
        if wanted.get(name):
            found[name] = set(wanted[name])
    channels = _channels(info, wanted.get("channels"))
    if channels is not None:
        found["channel_id"] = channels
    return found


def _channels(info: Any, wanted: list[str] | None) -> frozenset[int] | None:
    """The channels to look in; None for all of them."""
    visible = channel_ids_of(info)
    if not wanted:
        return visible
    chosen = frozenset(host_id(channel, "Channel") for channel in wanted)
    return chosen if visible is None else chosen & visible
