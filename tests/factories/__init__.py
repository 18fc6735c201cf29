"""Objects for tests, made with the same call on the stand-in and inside real Saleor."""

from tests.factories.host import (
    ensure_site,
    make_app,
    make_channel,
    make_order,
    make_staff,
    make_user,
    make_variant,
    make_warehouse,
)

__all__ = [
    "ensure_site",
    "make_app",
    "make_channel",
    "make_order",
    "make_staff",
    "make_user",
    "make_variant",
    "make_warehouse",
]
