"""Listing what staff must know."""

from __future__ import annotations

from typing import Any

from saleor_cdkeys.graphql.fields import ORDERS
from saleor_cdkeys.graphql.listing import alerts
from saleor_cdkeys.graphql.listing.alerts import CdKeyAlertFilterInput
from saleor_cdkeys.graphql.types import CdKeyAlertCountableConnection
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, ConnectionField


class AlertQueries:
    cd_key_alerts = ConnectionField(
        CdKeyAlertCountableConnection,
        filter=CdKeyAlertFilterInput(description="Which ones."),
        permissions=ORDERS,
        doc_category=DOC_CATEGORY_ORDERS,
        description=(
            "What staff must know, newest first: of the channels that who asks may see, and what "
            "is about no channel."
        ),
    )

    @staticmethod
    def resolve_cd_key_alerts(
        _root: Any, info: Any, *, filter: Any = None, **arguments: Any
    ) -> Any:
        return alerts.page(info, filter or {}, arguments)
