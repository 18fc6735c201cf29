"""Saleor's rows behind the ids that our tables keep, in the form that Saleor's own types take.

Each loader reads all the rows that a request asks for in one query; None where a row is gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from saleor.account.models import User
from saleor.app.models import App
from saleor.channel.models import Channel
from saleor.order.models import Order
from saleor.product.models import ProductVariant

from saleor_cdkeys.host.graphql import ChannelContext, DataLoader, SyncWebhookControlContext


class _RowById(DataLoader):
    """Rows of ``model`` by primary key."""

    model: Any

    def batch_load(self, keys: Iterable[Any]) -> list[Any]:
        keys = list(keys)
        rows = self.model.objects.using(self.database_connection_name).in_bulk(keys)
        return [rows.get(key) for key in keys]


class _OrderRow(_RowById):
    context_key = "cdkeys_order"
    model = Order


class _VariantRow(_RowById):
    context_key = "cdkeys_variant"
    model = ProductVariant


class _ChannelRow(_RowById):
    context_key = "cdkeys_channel"
    model = Channel


class _UserRow(_RowById):
    context_key = "cdkeys_user"
    model = User


class _AppRow(_RowById):
    context_key = "cdkeys_app"
    model = App


def order(context: Any, order_id: uuid.UUID) -> Any:
    """A promise of what the type Order is made from."""
    row = _OrderRow(context).load(order_id)
    return row.then(lambda row: row and SyncWebhookControlContext(node=row))


def variant(context: Any, variant_id: int, *, channel_slug: str | None = None) -> Any:
    """A promise of what the type ProductVariant is made from, with prices of that channel."""
    row = _VariantRow(context).load(variant_id)
    return row.then(lambda row: row and ChannelContext(node=row, channel_slug=channel_slug))


def channel(context: Any, channel_id: int) -> Any:
    """A promise of what the type Channel is made from."""
    return _ChannelRow(context).load(channel_id)


def user(context: Any, user_id: int) -> Any:
    """A promise of what the type User is made from."""
    return _UserRow(context).load(user_id)


def app(context: Any, app_id: int) -> Any:
    """A promise of what the type App is made from."""
    return _AppRow(context).load(app_id)


def name_of(context: Any, *, user_id: int | None, app_id: int | None) -> Any:
    """A promise of how staff know who did something; empty for the system itself."""
    if app_id is not None:
        return _AppRow(context).load(app_id).then(lambda row: row.name if row else "")
    if user_id is not None:
        return _UserRow(context).load(user_id).then(lambda row: _name(row) if row else "")
    return ""


def _name(row: Any) -> str:
    return f"{row.first_name} {row.last_name}".strip() or str(row.email)
