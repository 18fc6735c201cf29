"""Joining our GraphQL to Saleor's, before Saleor builds its schema.

Saleor builds the schema when `saleor.graphql.api` is imported, from classes whose attributes
graphene collects. So it must be joined from `AppConfig.ready()`, once, and before that import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Must come first; see there.
from saleor_cdkeys.host.graphql import Order, ProductVariant  # isort: skip
from saleor.graphql.order.schema import OrderMutations, OrderQueries
from saleor.graphql.query_cost_map import COST_MAP
from saleor.webhook.observability.sensitive_data import SENSITIVE_GQL_FIELDS

_HOST_TYPES = {"Order": Order, "ProductVariant": ProductVariant}
_mounted = False


def mount(
    *,
    queries: type,
    mutations: type,
    type_fields: Mapping[str, Mapping[str, tuple[Any, Callable[..., Any]]]],
    costs: Mapping[str, Mapping[str, Any]],
    sensitive: Mapping[str, set[str]] | None = None,
) -> None:
    """Add our fields to Saleor's schema; a second call does nothing.

    ``queries`` and ``mutations`` are plain classes of graphene fields and their resolvers,
    ``type_fields`` maps one of Saleor's types to field name → (field, resolver), ``costs`` is
    merged into Saleor's query cost map. ``sensitive`` maps our types to fields whose values Saleor
    masks in what it tells apps about each request (its observability webhooks, which otherwise
    hold whole answers). Raises ImproperlyConfigured if the schema is built already.
    """
    global _mounted
    if _mounted:
        return
    if "saleor.graphql.api" in sys.modules:
        raise ImproperlyConfigured(
            "saleor.graphql.api was imported before saleor_cdkeys was ready, so its fields cannot "
            "be added. Another app imports it too early."
        )
    _mounted = True
    _copy(queries, OrderQueries)
    _copy(mutations, OrderMutations)
    for type_name, fields in type_fields.items():
        host_type = _HOST_TYPES[type_name]
        for name, (field, resolver) in fields.items():
            host_type._meta.fields[name] = field
            setattr(host_type, f"resolve_{name}", staticmethod(resolver))
    for type_name, entries in costs.items():
        COST_MAP.setdefault(type_name, {}).update(entries)
    SENSITIVE_GQL_FIELDS.update(sensitive or {})


def _copy(source: type, target: type) -> None:
    for base in reversed(source.__mro__[:-1]):
        for name, value in vars(base).items():
            if not name.startswith("__"):
                setattr(target, name, value)
