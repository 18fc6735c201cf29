"""The list of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from django.db.models import Q

from saleor_cdkeys.graphql.enums import CdKeyAlertKindEnum
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import CdKeyAlertCountableConnection
from saleor_cdkeys.host.access import channel_ids_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    get_database_connection_name,
)
from saleor_cdkeys.models import Alert


class CdKeyAlertFilterInput(BaseInputObjectType):
    kind = NonNullList(CdKeyAlertKindEnum, description="Of one of these kinds.")
    open = graphene.Boolean(description="That are open, or are cured.")

    class Meta:
        description = "Which alerts; each field narrows them further."
        doc_category = DOC_CATEGORY_ORDERS


def page(info: Any, wanted: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
    """A page of the alerts that are wanted and that who asks may see."""
    rows = Alert.objects.using(get_database_connection_name(info.context))
    channels = channel_ids_of(info)
    if channels is not None:
        rows = rows.filter(
            Q(channel_id__in=channels)
            | Q(channel_id=None, key_order__channel_id__in=channels)
            | Q(channel_id=None, key_order=None)
        )
    if wanted.get("kind"):
        rows = rows.filter(kind__in=wanted["kind"])
    if wanted.get("open") is not None:
        rows = rows.filter(resolved_at__isnull=wanted["open"])
    return connection(rows, info, arguments, CdKeyAlertCountableConnection)
