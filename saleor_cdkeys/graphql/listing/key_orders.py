"""The list of key orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeyOrderReasonEnum, CdKeyOrderStatusEnum
from saleor_cdkeys.graphql.ids import host_id, own_id
from saleor_cdkeys.graphql.listing.times import CdKeyTimeRangeInput, within
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
    # Each of these has an index of its own, in the order of ids.
    narrow = _narrow(wanted)
    rows = rows.filter(**narrow)
    rows = within(rows, wanted.get("created_at"))
    branches: dict[str, Collection[Any]] = {}
    channels = _channels(info, wanted.get("channels"))
    if channels is not None:
        branches["channel_id"] = channels
    if wanted.get("reason"):
        rows = rows.exclude(reason="")
        branches["reason"] = set(wanted["reason"])
    if wanted.get("status"):
        branches["status"] = set(wanted["status"])
    elif channels is not None and not narrow and "reason" not in branches:
        # The index of channels goes by status; without one, it takes all of them.
        branches["status"] = list(KeyOrderStatus)
    if narrow:
        rows = rows.filter(**{f"{column}__in": list(v) for column, v in branches.items()})
        branches = {}
    return connection(rows, info, arguments, CdKeyOrderCountableConnection, branches=branches)


def _narrow(wanted: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if wanted.get("order_number"):
        found["order_number"] = wanted["order_number"].strip().removeprefix("#")
    if wanted.get("email"):
        found["email"] = wanted["email"].strip()
    if wanted.get("key_product"):
        found["key_product_id"] = own_id(wanted["key_product"], "CdKeyProduct")
    return found


def _channels(info: Any, wanted: list[str] | None) -> frozenset[int] | None:
    """The channels to look in; None for all of them."""
    visible = channel_ids_of(info)
    if not wanted:
        return visible
    chosen = frozenset(host_id(channel, "Channel") for channel in wanted)
    return chosen if visible is None else chosen & visible
