"""Saleor's own rows."""

from __future__ import annotations

import itertools
from decimal import Decimal

from django.contrib.sites.models import Site
from django.utils import timezone
from saleor.account.models import Group, User
from saleor.app.models import App
from saleor.channel.models import Channel
from saleor.order.models import Order, OrderLine
from saleor.permission.models import Permission
from saleor.product.models import (
    Product,
    ProductChannelListing,
    ProductType,
    ProductVariant,
    ProductVariantChannelListing,
)
from saleor.site.models import SiteSettings
from saleor.warehouse.models import Stock, Warehouse

_numbers = itertools.count(1)


def ensure_site() -> None:
    """Saleor's settings, which every installation has."""
    site = Site.objects.get_current()
    SiteSettings.objects.get_or_create(site=site)


def make_channel(slug="shop-eur", currency="EUR", **fields):
    """An active channel that confirms orders by itself."""
    ensure_site()
    return Channel.objects.create(
        name=slug.title(),
        slug=slug,
        currency_code=currency,
        default_country="DE",
        is_active=True,
        **fields,
    )


def make_warehouse(channel, slug="main"):
    from saleor.account.models import Address

    address = Address.objects.create(city="Berlin", country="DE", postal_code="10115")
    warehouse = Warehouse.objects.create(name=slug.title(), slug=slug, address=address)
    warehouse.channels.add(channel)
    return warehouse


def make_variant(sku=None, name="Game", *, channel, price=Decimal("20.00"), stock=None):
    """A published variant that needs no shipping. ``stock``: a number, or None for no record."""
    sku = sku or f"sku-{next(_numbers)}"
    product_type, _created = ProductType.objects.get_or_create(
        slug="keys", defaults={"name": "Keys", "is_shipping_required": False}
    )
    product = Product.objects.create(
        name=name, slug=f"product-{next(_numbers)}", product_type=product_type
    )
    ProductChannelListing.objects.create(
        product=product,
        channel=channel,
        is_published=True,
        visible_in_listings=True,
        available_for_purchase_at=timezone.now(),
        currency=channel.currency_code,
    )
    variant = ProductVariant.objects.create(
        product=product, sku=sku, name="", track_inventory=stock is not None
    )
    ProductVariantChannelListing.objects.create(
        variant=variant,
        channel=channel,
        price_amount=price,
        discounted_price_amount=price,
        currency=channel.currency_code,
    )
    if stock is not None:
        warehouse = Warehouse.objects.filter(channels=channel).first() or make_warehouse(channel)
        Stock.objects.create(warehouse=warehouse, product_variant=variant, quantity=stock)
    return variant


def make_order(
    channel,
    lines,
    *,
    email="customer@example.com",
    user=None,
    status="unfulfilled",
    charge_status="full",
    language_code="en",
    **fields,
):
    """An order over (variant, quantity) pairs; it fires no hook."""
    total = sum((_price(variant, channel) * quantity for variant, quantity in lines), Decimal(0))
    order = Order.objects.create(
        channel=channel,
        currency=channel.currency_code,
        lines_count=len(lines),
        status=status,
        charge_status=charge_status,
        origin="checkout",
        user=user,
        user_email=email,
        language_code=language_code,
        total_gross_amount=total,
        total_net_amount=total,
        undiscounted_total_gross_amount=total,
        undiscounted_total_net_amount=total,
        total_charged_amount=total if charge_status in ("full", "overcharged") else 0,
        **fields,
    )
    for variant, quantity in lines:
        add_line(order, variant, quantity)
    return order


def _price(variant, channel):
    return ProductVariantChannelListing.objects.get(variant=variant, channel=channel).price_amount


def add_line(order, variant, quantity):
    price = _price(variant, order.channel)
    return OrderLine.objects.create(
        order=order,
        variant=variant,
        product_name=variant.product.name,
        variant_name=variant.name,
        product_sku=variant.sku,
        is_shipping_required=False,
        is_gift_card=False,
        quantity=quantity,
        currency=order.currency,
        unit_price_net_amount=price,
        unit_price_gross_amount=price,
        total_price_net_amount=price * quantity,
        total_price_gross_amount=price * quantity,
        undiscounted_unit_price_net_amount=price,
        undiscounted_unit_price_gross_amount=price,
        undiscounted_total_price_net_amount=price * quantity,
        undiscounted_total_price_gross_amount=price * quantity,
    )


def make_user(email="customer@example.com", **fields):
    user = User(email=email, is_active=True, is_confirmed=True, **fields)
    user.set_password("password")
    user.save()
    return user


def _permissions(names):
    codenames = [name.split(".")[-1] for name in names]
    return Permission.objects.filter(codename__in=codenames)


def make_staff(permissions=(), *, channels=None, email=None):
    """A staff user of a group with these permissions (``order.manage_orders`` …).

    ``channels``: the only ones that the group may see; None for all.
    """
    number = next(_numbers)
    user = make_user(email or f"staff{number}@example.com", is_staff=True)
    group = Group.objects.create(
        name=f"group {number}", restricted_access_to_channels=channels is not None
    )
    group.permissions.set(_permissions(permissions))
    group.channels.set(channels or [])
    user.groups.add(group)
    return user


def make_app(permissions=(), name="app"):
    app = App.objects.create(name=name, is_active=True, is_installed=True)
    app.permissions.set(_permissions(permissions))
    return app
