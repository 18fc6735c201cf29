"""A shop with one of everything that the API shows, and everybody who may ask for it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.alerts import raise_alert
from saleor_cdkeys.delivery.links import create_link
from saleor_cdkeys.models import (
    Alert,
    Delivery,
    DeliveryItem,
    ExchangeRate,
    Key,
    KeyBatch,
    KeyOrder,
    KeyProduct,
    KeyUnit,
    Purchase,
    ShopChange,
    Supplier,
    SupplierMapping,
)
from saleor_cdkeys.statuses import (
    AlertKind,
    BatchStatus,
    KeyStatus,
    PauseReason,
    PurchaseStatus,
    ShopChangeKind,
    UnitStatus,
)
from tests.factories import make_app, make_channel, make_staff, make_user
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product, make_mapping
from tests.graphql.client import Api, global_id

ORDERS = "order.manage_orders"
PRODUCTS = "product.manage_products"
PLUGINS = "plugins.manage_plugins"

DELIVERED_CODE = "DELI-VERED-0001"
FILLED_CODE = "FILL-EDXX-0002"
STOCK_CODE = "STOC-KXXX-0003"
CODES = (DELIVERED_CODE, FILLED_CODE, STOCK_CODE)
SECRET = "supplier-credential-0004"
#: A day on which whatever must be of some day was.
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


@dataclasses.dataclass
class Scene:
    """The rows of the shop. The key order has three units: delivered, filled and open."""

    channel: Any
    elsewhere: Any
    owner: Any
    order: Any
    product: KeyProduct
    supplier: Supplier
    mapping: SupplierMapping
    batch: KeyBatch
    key_order: KeyOrder
    unit: KeyUnit
    key: Key
    stock_key: Key
    purchase: Purchase
    delivery: Delivery
    token: str
    alert: Alert

    @property
    def variables(self) -> dict[str, str]:
        """The ids of what there is, for queries that take one."""
        return {
            "order": global_id("Order", self.order.pk),
            "variant": global_id("ProductVariant", self.product.variant_id),
            "channel": global_id("Channel", self.channel.pk),
            "keyOrder": global_id("CdKeyOrder", self.key_order.pk),
            "keyProduct": global_id("CdKeyProduct", self.product.pk),
            "supplier": global_id("CdKeySupplier", self.supplier.pk),
            "key": global_id("CdKey", self.key.pk),
            "batch": global_id("CdKeyBatch", self.batch.pk),
        }


def make_scene() -> Scene:
    channel, elsewhere = make_channel("shop-eur"), make_channel("shop-usd", "USD")
    owner = make_user()
    product = make_key_product(
        channel=channel,
        instructions="Open the launcher.",
        max_unit_cost_amount=Decimal("15"),
        max_unit_cost_currency="EUR",
        min_margin_percent=Decimal("12.5"),
        min_margin_amount=Decimal("2"),
        price_value=Decimal("19.99"),
        price_currency="EUR",
    )
    supplier = Supplier(name="Key Wholesale", adapter="sandbox")
    supplier.config = {"base_url": "http://127.0.0.1:9"}
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets={"api_key": SECRET})
    supplier.balance_amount, supplier.balance_currency = Decimal("120.5"), "EUR"
    supplier.balance_at, supplier.low_balance_amount = NOON, Decimal("50")
    supplier.pause_reason, supplier.pause_message = PauseReason.ERRORS, "It is down."
    supplier.paused_until = NOON
    supplier.save()
    ExchangeRate.objects.create(
        base="EUR", currency="USD", rate=Decimal("1.0843"), date=NOON.date(), source="daily.xml"
    )
    mapping = make_mapping(product, supplier)
    batch = KeyBatch.objects.create(name="keys.csv", status=BatchStatus.DONE, created_count=3)
    order = buy(channel=channel, lines=[(product, 3)], user=owner)
    (key_order,) = key_orders(order)
    purchase = Purchase.objects.create(
        key_order=key_order,
        supplier=supplier,
        mapping=mapping,
        supplier_product_id="P1",
        quantity=1,
        unit_price_amount=Decimal("12.5"),
        max_unit_price_amount=Decimal("15"),
        charged_amount=Decimal("12.5"),
        currency="EUR",
        exchange_rate=Decimal("0.92"),
        exchange_rate_date=NOON.date(),
        status=PurchaseStatus.COMPLETED,
        sealed_answer=b"sealed",
    )
    first, second, _third = key_order.units.order_by("number")
    key = _assigned(product, DELIVERED_CODE, first, UnitStatus.DELIVERED, purchase=purchase)
    _assigned(product, FILLED_CODE, second, UnitStatus.FILLED, batch=batch)
    (stock_key,) = add_keys(product, STOCK_CODE)
    delivery = Delivery.objects.create(
        order_id=order.pk,
        order_number=key_order.order_number,
        channel_id=channel.pk,
        channel_slug=channel.slug,
        recipient="customer@example.com",
    )
    DeliveryItem.objects.create(delivery=delivery, unit=first, is_initial=True)
    ShopChange.objects.create(
        key_product=product,
        kind=ShopChangeKind.PRICE,
        channel_id=channel.pk,
        place=channel.slug,
        old_value=Decimal("20"),
        new_value=Decimal("18"),
        currency="EUR",
    )
    token, _link = create_link(delivery_id=delivery.pk, days=30)
    raise_alert(
        kind=AlertKind.KEY_ORDER_WAITING,
        subject=f"key_order:{key_order.pk}",
        message="Somebody must look.",
        key_order_id=key_order.pk,
        channel_id=channel.pk,
    )
    return Scene(
        channel=channel,
        elsewhere=elsewhere,
        owner=owner,
        order=order,
        product=product,
        supplier=supplier,
        mapping=mapping,
        batch=batch,
        key_order=key_order,
        unit=first,
        key=key,
        stock_key=stock_key,
        purchase=purchase,
        delivery=delivery,
        token=token,
        alert=Alert.objects.get(),
    )


def _assigned(product: KeyProduct, code: str, unit: KeyUnit, status: str, **fields: Any) -> Key:
    (key,) = add_keys(product, code)
    Key.objects.filter(pk=key.pk).update(unit=unit, status=KeyStatus.ASSIGNED, **fields)
    unit.status = status
    unit.delivered_at = timezone.now() if status == UnitStatus.DELIVERED else None
    unit.save()
    key.refresh_from_db()
    return key


#: Everybody who may ask, by name.
CALLERS = (
    "anonymous",
    "owner",
    "customer",
    "staff without",
    "staff of orders",
    "staff of products",
    "staff of plugins",
    "staff elsewhere",
    "app without",
    "app of orders",
    "app of products",
    "app of plugins",
)


def call_as(caller: str, scene: Scene) -> Api:
    """The endpoint as that caller reaches it."""
    granted = [
        permission
        for word, permission in (("orders", ORDERS), ("products", PRODUCTS), ("plugins", PLUGINS))
        if caller.endswith(word)
    ]
    if caller == "anonymous":
        return Api()
    if caller == "owner":
        return Api(user=scene.owner)
    if caller == "customer":
        return Api(user=make_user("other@example.com"))
    if caller == "staff elsewhere":
        everything = [ORDERS, PRODUCTS, PLUGINS]
        return Api(user=make_staff(everything, channels=[scene.elsewhere]))
    if caller.startswith("staff"):
        return Api(user=make_staff(granted))
    return Api(app=make_app(granted))
