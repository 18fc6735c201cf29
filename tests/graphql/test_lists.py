"""The other lists: what is in them, newest first."""

from __future__ import annotations

import pytest
from django.utils import timezone

from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.models import Alert, Key, KeyBatch
from saleor_cdkeys.statuses import AlertKind, KeyStatus
from tests.factories import make_app, make_channel, make_staff
from tests.factories.cdkeys import add_keys, make_mapping, make_supplier
from tests.graphql.client import Api, global_id
from tests.graphql.rows import make_key_order, make_product
from tests.graphql.scene import ORDERS, PLUGINS, PRODUCTS

KEYS = """
query($filter: CdKeyFilterInput) {
  cdKeys(filter: $filter, first: 50) { totalCount edges { node { id } } }
}
"""
PRODUCT_LIST = """
query($filter: CdKeyProductFilterInput) {
  cdKeyProducts(filter: $filter, first: 50) { totalCount edges { node { sku } } }
}
"""
ALERTS = """
query($filter: CdKeyAlertFilterInput) {
  cdKeyAlerts(filter: $filter, first: 50) { totalCount edges { node { subject } } }
}
"""
MAPPINGS = """
query($first: Int, $after: String, $last: Int, $before: String) {
  cdKeySuppliers(first: 5) {
    edges {
      node {
        name
        mappings(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          edges { node { supplierProductId } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
}
"""


@pytest.fixture
def api(db) -> Api:
    return Api(app=make_app([ORDERS, PRODUCTS, PLUGINS]))


def nodes(connection, field):
    assert connection["totalCount"] == len(connection["edges"])
    return [edge["node"][field] for edge in connection["edges"]]


class TestKeys:
    @pytest.fixture
    def products(self, db):
        """Two products with keys of every status, some with a batch, some exposed."""
        batches = [KeyBatch.objects.create(name=f"batch {number}") for number in range(2)]
        products = [make_product(), make_product()]
        for number in range(24):
            product = products[number % 2]
            (key,) = add_keys(product, f"CODE-{number:04d}")
            key.batch = batches[number % 3] if number % 3 < 2 else None
            if number % 4 == 1:
                key.status = KeyStatus.QUARANTINED
            if number % 4 == 2:
                key.unit = make_key_order(product).units.get()
                key.status = KeyStatus.ASSIGNED
            if number % 4 and number % 5:
                key.exposed_at = timezone.now() if key.status != KeyStatus.AVAILABLE else None
            key.save()
        return products

    @pytest.mark.parametrize("product", [None, 0, 1])
    @pytest.mark.parametrize("batch", [None, 0, 1])
    @pytest.mark.parametrize("status", [None, *KeyStatus])
    @pytest.mark.parametrize("exposed", [None, True, False])
    def test_what_is_in_the_list(self, api, products, product, batch, status, exposed):
        wanted, conditions = {}, {}
        if product is not None:
            wanted["keyProduct"] = global_id("CdKeyProduct", products[product].pk)
            conditions["key_product"] = products[product]
        if batch is not None:
            conditions["batch"] = KeyBatch.objects.get(name=f"batch {batch}")
            wanted["batch"] = global_id("CdKeyBatch", conditions["batch"].pk)
        if status is not None:
            wanted["status"] = status.name
            conditions["status"] = status
        if exposed is not None:
            wanted["exposed"] = exposed
            conditions["exposed_at__isnull"] = not exposed

        found = api.data(KEYS, {"filter": wanted})["cdKeys"]

        rows = Key.objects.filter(**conditions).order_by("-pk")
        assert nodes(found, "id") == [global_id("CdKey", key.pk) for key in rows]

    def test_pages(self, api, products):
        document = """
        query($after: String) {
          cdKeys(first: 5, after: $after, filter: {exposed: true}) {
            edges { node { id } } pageInfo { hasNextPage endCursor }
          }
        }
        """
        found, after, more = [], None, True
        while more:
            page = api.data(document, {"after": after})["cdKeys"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

        rows = Key.objects.filter(exposed_at__isnull=False).order_by("-pk")
        assert found == [global_id("CdKey", key.pk) for key in rows]


@pytest.mark.parametrize(
    ("wanted", "skus"),
    [
        ({}, ["HALO-2", "DOOM-2", "DOOM-1"]),
        ({"search": "doom"}, ["DOOM-2", "DOOM-1"]),
        ({"search": "ring"}, ["HALO-2"]),
        ({"search": "%"}, []),
        ({"search": "OOM-1"}, []),
        ({"search": " "}, ["HALO-2", "DOOM-2", "DOOM-1"]),
        ({"isActive": False}, ["DOOM-1"]),
        ({"isActive": True}, ["HALO-2", "DOOM-2"]),
        ({"source": "MANUAL"}, ["DOOM-2"]),
        ({"source": "STOCK", "search": "halo"}, ["HALO-2"]),
    ],
    ids=str,
)
def test_which_key_products_are_in_the_list(api, wanted, skus):
    make_product(sku="DOOM-1", name="First", is_active=False, source="suppliers")
    make_product(sku="DOOM-2", name="Second", source="manual")
    make_product(sku="HALO-2", name="The Ring", source="stock")

    assert nodes(api.data(PRODUCT_LIST, {"filter": wanted})["cdKeyProducts"], "sku") == skus


@pytest.mark.parametrize("arguments", ["", '(id: "x", variant: "y")'])
def test_a_key_product_is_looked_up_by_one_id(api, arguments):
    answer = api.post(f"{{ cdKeyProduct{arguments} {{ id }} }}")

    assert answer.data == {"cdKeyProduct": None}
    assert answer.errors[0]["message"] == "Give either `id` or `variant`."


class TestAlerts:
    @pytest.fixture
    def channels(self, db):
        """Alerts of two channels, of a key order in each alone, and of nothing of the sort."""
        channels = [make_channel("shop-eur"), make_channel("shop-usd", "USD")]
        for number, channel in enumerate(channels):
            key_order = make_key_order(make_product(), channel_id=channel.pk)
            kind = AlertKind.MAIL_FAILED
            raise_alert(kind=kind, subject=f"order {number}", message="", key_order_id=key_order.pk)
            kind = AlertKind.MAIL_NOT_SET_UP
            raise_alert(kind=kind, subject=f"mail {number}", message="", channel_id=channel.pk)
        raise_alert(kind=AlertKind.OUT_OF_STOCK, subject="product", message="")
        resolve_alerts(subject="mail 1")
        return channels

    @pytest.mark.parametrize(
        ("wanted", "subjects"),
        [
            ({}, ["product", "mail 1", "order 1", "mail 0", "order 0"]),
            ({"open": True}, ["product", "order 1", "mail 0", "order 0"]),
            ({"open": False}, ["mail 1"]),
            ({"kind": ["MAIL_NOT_SET_UP"]}, ["mail 1", "mail 0"]),
            ({"kind": ["OUT_OF_STOCK", "MAIL_NOT_SET_UP"], "open": True}, ["product", "mail 0"]),
        ],
        ids=str,
    )
    def test_what_is_in_the_list(self, api, channels, wanted, subjects):
        assert nodes(api.data(ALERTS, {"filter": wanted})["cdKeyAlerts"], "subject") == subjects

    def test_staff_of_a_channel_see_its_alerts_and_those_of_none(self, channels):
        api = Api(user=make_staff([ORDERS], channels=[channels[1]]))

        found = api.data(ALERTS, {"filter": {}})["cdKeyAlerts"]

        assert nodes(found, "subject") == ["product", "mail 1", "order 1"]

    def test_an_alert_does_not_lead_to_a_key_order_of_another_channel(self, channels):
        theirs = Alert.objects.get(subject="order 0")
        Alert.objects.filter(pk=theirs.pk).update(channel_id=channels[1].pk)
        api = Api(user=make_staff([ORDERS], channels=[channels[1]]))
        document = (
            "{ cdKeyAlerts(last: 1) { edges { node { subject keyOrder { productName } } } } }"
        )

        answer = api.post(document)

        assert answer.errors == []
        assert answer.data["cdKeyAlerts"]["edges"] == [
            {"node": {"subject": "order 0", "keyOrder": None}}
        ]


class TestMappingsOfSuppliers:
    @pytest.fixture
    def suppliers(self, db):
        """Three suppliers: of seven products, of one and of none."""
        suppliers = [make_supplier(name) for name in ("Many", "One", "None")]
        for number in range(7):
            make_mapping(make_product(), suppliers[0], f"P{number}")
        make_mapping(make_product(), suppliers[1], "Q")
        return suppliers

    def test_each_has_its_own_page(self, api, suppliers):
        found = api.data(MAPPINGS, {"first": 3})["cdKeySuppliers"]["edges"]

        pages = {edge["node"]["name"]: edge["node"]["mappings"] for edge in found}
        ids = {
            name: [edge["node"]["supplierProductId"] for edge in page["edges"]]
            for name, page in pages.items()
        }
        assert ids == {"None": [], "One": ["Q"], "Many": ["P6", "P5", "P4"]}
        assert [page["totalCount"] for page in pages.values()] == [0, 1, 7]
        assert [page["pageInfo"]["hasNextPage"] for page in pages.values()] == [False, False, True]

    def test_the_next_and_the_previous_page(self, api, suppliers):
        def page(**arguments):
            edges = api.data(MAPPINGS, arguments)["cdKeySuppliers"]["edges"]
            found = edges[-1]["node"]["mappings"]
            return [edge["node"]["supplierProductId"] for edge in found["edges"]], found["pageInfo"]

        _ids, info = page(first=3)
        after, info = page(first=3, after=info["endCursor"])
        before, _info = page(last=2, before=info["startCursor"])

        assert after == ["P3", "P2", "P1"]
        assert before == ["P5", "P4"]
