"""Joining our GraphQL to Saleor's."""

from __future__ import annotations

from saleor_cdkeys.graphql.costs import COSTS
from saleor_cdkeys.graphql.host_fields import FIELDS
from saleor_cdkeys.graphql.mutations import Mutations
from saleor_cdkeys.graphql.queries import Queries
from saleor_cdkeys.host import schema

#: Whoever is told of requests by Saleor must not be told these.
SENSITIVE = {
    "CdKeyUnit": {"code"},
    "CdKeyCode": {"text", "fields", "data"},
    "CdKeyCodeField": {"value"},
    "CdKeyPurchaseReveal": {"answerText"},
}


def mount() -> None:
    """Add everything to Saleor's schema, before Saleor builds it."""
    schema.mount(
        queries=Queries,
        mutations=Mutations,
        type_fields=FIELDS,
        costs=COSTS,
        sensitive=SENSITIVE,
    )
