"""However many rows a page has, each sort of row below them is read once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_cdkeys import timeline
from saleor_cdkeys.models import (
    Alert,
    Delivery,
    DeliveryItem,
    KeyAccess,
    KeyBatch,
    KeyOrder,
    Purchase,
)
from saleor_cdkeys.statuses import AccessKind, AlertKind, EventType, KeyStatus, UnitStatus
from saleor_cdkeys.values import Actor
from tests.factories import make_app, make_channel, make_staff, make_user
from tests.factories.cdkeys import (
    add_keys,
    buy,
    key_orders,
    make_key_product,
    make_mapping,
    make_supplier,
)
from tests.graphql.client import Api, global_id
from tests.graphql.scene import ORDERS, PLUGINS, PRODUCTS
from tests.graphql.selections import select

EVERYTHING = [ORDERS, PRODUCTS, PLUGINS, "account.manage_staff", "app.manage_apps"]


def fill_shop(count: int, channel, owner=None) -> None:
    """So many orders, each with a product, supplier, key, purchase, message and more of its own."""
    for number in range(count):
        staff, app = make_staff(), make_app(name=f"App {number}")
        product = make_key_product(channel=channel, sku=f"sku-{number}")
        supplier = make_supplier(f"Supplier {number}")
        mapping = make_mapping(product, supplier)
        batch = KeyBatch.objects.create(name=f"batch {number}", user_id=staff.pk)
        order = buy(
            channel=channel, lines=[(product, 2)], user=owner or make_user(f"c{number}@x.de")
        )
        (key_order,) = key_orders(order)
        purchase = Purchase.objects.create(
            key_order=key_order,
            supplier=supplier,
            mapping=mapping,
            supplier_product_id="P1",
            quantity=1,
            unit_price_amount=1,
            max_unit_price_amount=2,
            currency="EUR",
            status="completed",
        )
        for unit in key_order.units.all():
            (key,) = add_keys(product, count=1)
            key.unit, key.status, key.batch, key.purchase = (
                unit,
                KeyStatus.ASSIGNED,
                batch,
                purchase,
            )
            key.save()
            unit.status = UnitStatus.DELIVERED
            unit.save()
            KeyAccess.objects.create(key=key, kind=AccessKind.STAFF_REVEAL, user_id=staff.pk)
        delivery = Delivery.objects.create(
            order_id=order.pk,
            order_number=key_order.order_number,
            channel_id=channel.pk,
            channel_slug=channel.slug,
            recipient="c@example.com",
            user_id=staff.pk,
        )
        DeliveryItem.objects.create(delivery=delivery, unit=unit)
        Alert.objects.create(
            kind=AlertKind.MAIL_FAILED,
            subject=f"key_order:{key_order.pk}",
            message="",
            key_order=key_order,
            channel_id=channel.pk,
        )
        for actor in (Actor(user_id=staff.pk), Actor(app_id=app.pk)):
            timeline.record(key_order_id=key_order.pk, type=EventType.NOTE, actor=actor)


def queries(api: Api, document: str, variables=None) -> tuple[int, int]:
    """How many queries an answer takes: in all, and of the plugin's own tables."""
    with CaptureQueriesContext(connection) as captured:
        answer = api.post(document, variables)
    assert answer.errors == []
    own = [query for query in captured if "saleor_cdkeys_" in query["sql"]]
    return len(captured), len(own)


CASES = {
    "cdKeyOrders": ("CdKeyOrderCountableConnection", 18),
    "cdKeys": ("CdKeyCountableConnection", 19),
    "cdKeyBatches": ("CdKeyBatchCountableConnection", 2),
    "cdKeyProducts": ("CdKeyProductCountableConnection", 7),
    "cdKeySuppliers": ("CdKeySupplierCountableConnection", 6),
    "cdKeySupplierMappings": ("CdKeySupplierMappingCountableConnection", 9),
    "cdKeyAlerts": ("CdKeyAlertCountableConnection", 12),
}


@pytest.mark.parametrize("by", ["staff of all channels", "staff of a channel", "app"])
@pytest.mark.parametrize("name", CASES)
def test_a_page_of_twenty_takes_as_many_queries_as_one_of_one(db, name, by):
    type_name, own = CASES[name]
    channel = make_channel()
    fill_shop(21, channel)
    if by == "app":
        api = Api(app=make_app(EVERYTHING))
    else:
        channels = [channel] if by == "staff of a channel" else None
        api = Api(user=make_staff(EVERYTHING, channels=channels))
    selection = select(type_name, depth=4, without={"CdKeyUnit.code"})
    document = f"query($first: Int) {{ {name}(first: $first) {selection} }}"

    # Saleor itself remembers the site from the first request on.
    api.data("{ cdKeyOrders { totalCount } }")
    one = queries(api, document, {"first": 1})
    twenty = queries(api, document, {"first": 20})

    assert one == twenty
    assert twenty[1] == own


ORDER = 'o%d: order(id: "%s") { cdKeys { quantityDelivered units { status code { text } } } }'


def test_the_customer_reads_all_their_codes_in_as_many_queries_as_one(db):
    owner = make_user()
    fill_shop(10, make_channel(), owner=owner)
    orders = list(KeyOrder.objects.values_list("order_id", flat=True))
    api = Api(user=owner)

    def document(count: int) -> str:
        parts = [ORDER % (n, global_id("Order", pk)) for n, pk in enumerate(orders[:count])]
        return "{ " + " ".join(parts) + " }"

    _all, one = queries(api, document(1))
    _all, ten = queries(api, document(10))

    # Each key order's timeline tells that its codes were read.
    assert (one, ten) == (9, 9 + 9)
    assert KeyAccess.objects.filter(kind=AccessKind.CUSTOMER_API).count() == 2 + 20


def test_the_stock_of_many_variants_is_read_once(db):
    channel = make_channel()
    fill_shop(5, channel)
    variants = list(KeyOrder.objects.values_list("variant_id", flat=True))
    api = Api(app=make_app([PRODUCTS]))

    def document(count: int) -> str:
        parts = [
            f'v{n}: productVariant(id: "{global_id("ProductVariant", pk)}") '
            "{ cdKeyStock { available } }"
            for n, pk in enumerate(variants[:count])
        ]
        return "{ " + " ".join(parts) + " }"

    _all, one = queries(api, document(1))
    _all, five = queries(api, document(5))

    assert (one, five) == (3, 3)
