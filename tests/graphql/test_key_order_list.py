"""The list of key orders: what is in it, and in which pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from saleor_cdkeys.models import KeyOrder
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.factories import make_app, make_channel, make_staff
from tests.graphql.client import Api, global_id
from tests.graphql.rows import make_key_order, make_product
from tests.graphql.scene import ORDERS

LIST = """
query($filter: CdKeyOrderFilterInput, $first: Int, $after: String, $last: Int, $before: String) {
  cdKeyOrders(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges { cursor node { orderNumber } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.fixture
def api(db) -> Api:
    return Api(app=make_app([ORDERS]))


@pytest.fixture
def shop(db):
    """Key orders of two products in two channels, with all sorts of statuses and reasons."""
    channels = [make_channel("shop-eur"), make_channel("shop-usd", "USD")]
    products = [make_product(), make_product()]
    states = [
        (KeyOrderStatus.DELIVERED, ""),
        (KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK),
        (KeyOrderStatus.FAILED, Reason.GAVE_UP),
        (KeyOrderStatus.WAITING, Reason.HELD_BY_STAFF),
        (KeyOrderStatus.CANCELED, Reason.ORDER_CANCELED),
    ]
    for number in range(40):
        status, reason = states[number % 5]
        make_key_order(
            products[number % 2],
            order_number=str(number // 2),
            channel_id=channels[number % 3 // 2].pk,
            email=f"customer{number % 4}@example.com",
            status=status,
            reason=reason,
        )
    return channels, products


def numbers(connection) -> list[str]:
    return [edge["node"]["orderNumber"] for edge in connection["edges"]]


def expected(**conditions) -> list[str]:
    rows = KeyOrder.objects.filter(**conditions).order_by("-pk")
    return list(rows.values_list("order_number", flat=True))


@pytest.mark.parametrize(
    ("wanted", "conditions"),
    [
        ({}, {}),
        ({"status": []}, {}),
        ({"status": ["WAITING"]}, {"status": "waiting"}),
        ({"status": ["WAITING", "DELIVERED"]}, {"status__in": ["waiting", "delivered"]}),
        ({"status": ["WAITING", "WAITING"]}, {"status": "waiting"}),
        ({"status": ["REFUNDED"]}, {"status": "refunded"}),
        ({"reason": ["OUT_OF_STOCK"]}, {"reason": "out_of_stock"}),
        ({"reason": ["OUT_OF_STOCK", "GAVE_UP"]}, {"reason__in": ["out_of_stock", "gave_up"]}),
        (
            {"reason": ["OUT_OF_STOCK", "ORDER_CANCELED"], "status": ["CANCELED", "WAITING"]},
            {"reason__in": ["out_of_stock", "order_canceled"]},
        ),
        ({"reason": ["OUT_OF_STOCK"], "status": ["FAILED"]}, {"pk": 0}),
        ({"orderNumber": "7"}, {"order_number": "7"}),
        ({"orderNumber": "#7", "status": ["FAILED"]}, {"order_number": "7", "status": "failed"}),
        ({"orderNumber": " 7 "}, {"order_number": "7"}),
        ({"orderNumber": "700"}, {"pk": 0}),
        ({"email": "customer1@example.com"}, {"email": "customer1@example.com"}),
        (
            {"email": "customer1@example.com", "reason": ["GAVE_UP"]},
            {"email": "customer1@example.com", "reason": "gave_up"},
        ),
    ],
    ids=str,
)
def test_what_is_in_the_list(api, shop, wanted, conditions):
    found = api.data(LIST, {"filter": wanted, "first": 50})["cdKeyOrders"]

    assert numbers(found) == expected(**conditions)
    assert found["totalCount"] == len(expected(**conditions))


@pytest.mark.parametrize("status", [None, "FAILED", "CANCELED"])
@pytest.mark.parametrize("product", [0, 1])
def test_by_key_product(api, shop, product, status):
    product = shop[1][product]
    wanted = {"keyProduct": global_id("CdKeyProduct", product.pk)}
    conditions = {"key_product": product}
    if status:
        wanted["status"] = [status]
        conditions["status"] = status.lower()

    found = api.data(LIST, {"filter": wanted, "first": 50})["cdKeyOrders"]

    assert numbers(found) == expected(**conditions) != []


@pytest.mark.parametrize("status", [None, "WAITING", "DELIVERED"])
@pytest.mark.parametrize("indexes", [[0], [1], [0, 1]], ids=str)
def test_by_channels(api, shop, indexes, status):
    channels = [shop[0][index] for index in indexes]
    wanted = {"channels": [global_id("Channel", channel.pk) for channel in channels]}
    conditions = {"channel_id__in": [channel.pk for channel in channels]}
    if status:
        wanted["status"] = [status]
        conditions["status"] = status.lower()

    found = api.data(LIST, {"filter": wanted, "first": 50})["cdKeyOrders"]

    assert numbers(found) == expected(**conditions) != []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"status": ["WAITING"]},
        {"reason": ["OUT_OF_STOCK"]},
        {"orderNumber": "2"},
        {"email": "customer1@example.com"},
    ],
    ids=str,
)
def test_staff_of_a_channel_see_and_count_its_key_orders_alone(shop, wanted):
    (mine, other), _products = shop
    api = Api(user=make_staff([ORDERS], channels=[mine]))
    everything = Api(app=make_app([ORDERS]))
    channels = [global_id("Channel", mine.pk)]
    theirs = everything.data(LIST, {"filter": wanted | {"channels": channels}, "first": 50})

    found = api.data(LIST, {"filter": wanted, "first": 50})
    elsewhere = api.data(
        LIST, {"filter": wanted | {"channels": [global_id("Channel", other.pk)]}, "first": 50}
    )

    assert found == theirs
    assert found["cdKeyOrders"]["totalCount"] > 0
    assert (numbers(elsewhere["cdKeyOrders"]), elsewhere["cdKeyOrders"]["totalCount"]) == ([], 0)


def test_staff_of_no_channel_see_nothing(shop):
    api = Api(user=make_staff([ORDERS], channels=[]))

    found = api.data(LIST, {"first": 50})["cdKeyOrders"]

    assert (numbers(found), found["totalCount"]) == ([], 0)


class TestTimes:
    """Ids ascend with the time, moments of disorder included."""

    START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

    @pytest.fixture
    def days(self, db):
        """A key order every eight hours for ten days, neighbours out of order by minutes."""
        product = make_product()
        times = [self.START + dt.timedelta(hours=8 * number) for number in range(30)]
        for number, time in enumerate(times):
            late = dt.timedelta(minutes=20 if number % 2 else 0)
            make_key_order(product, units=0, created_at=time + late)
            make_key_order(product, units=0, created_at=time + dt.timedelta(minutes=10))
        # Gaps between ids, as refused transactions leave them.
        KeyOrder.objects.filter(order_number__endswith="5").delete()
        return times

    @pytest.mark.parametrize("status", [None, ["PENDING"], ["FAILED"]])
    @pytest.mark.parametrize("first", [-3, 0, 4, 28.5, 100])
    @pytest.mark.parametrize("length", [0, 0.01, 3, 200])
    def test_exactly_what_lies_within(self, api, days, first, length, status):
        gte = self.START + dt.timedelta(hours=8 * first)
        lte = gte + dt.timedelta(hours=8 * length)
        wanted = {"createdAt": {"gte": gte.isoformat(), "lte": lte.isoformat()}}
        conditions = {"created_at__gte": gte, "created_at__lte": lte}
        if status:
            wanted["status"] = status
            conditions["status__in"] = [status[0].lower()]

        found = api.data(LIST, {"filter": wanted, "first": 100})["cdKeyOrders"]

        assert numbers(found) == expected(**conditions)
        assert found["totalCount"] == len(expected(**conditions))

    @pytest.mark.parametrize("side", ["gte", "lte"])
    def test_one_end(self, api, days, side):
        moment = days[11]

        found = api.data(LIST, {"filter": {"createdAt": {side: moment.isoformat()}}, "first": 100})[
            "cdKeyOrders"
        ]

        assert numbers(found) == expected(**{f"created_at__{side}": moment}) != []

    def test_no_key_orders(self, api):
        now = timezone.now().isoformat()

        found = api.data(LIST, {"filter": {"createdAt": {"gte": now, "lte": now}}, "first": 5})

        assert found["cdKeyOrders"]["edges"] == []


FILTERS = [
    {},
    {"status": ["WAITING"]},
    {"status": ["WAITING", "FAILED", "DELIVERED"]},
    {"reason": ["OUT_OF_STOCK", "GAVE_UP"]},
]


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_forwards_hold_each_row_once(api, shop, wanted, size):
    everything = numbers(api.data(LIST, {"filter": wanted, "first": 50})["cdKeyOrders"])
    found, after = [], None
    while True:
        page = api.data(LIST, {"filter": wanted, "first": size, "after": after})["cdKeyOrders"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        found += numbers(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert found == everything


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_backwards_hold_each_row_once(api, shop, wanted, size):
    everything = numbers(api.data(LIST, {"filter": wanted, "first": 50})["cdKeyOrders"])
    found, before = [], None
    while True:
        page = api.data(LIST, {"filter": wanted, "last": size, "before": before})["cdKeyOrders"]
        assert page["pageInfo"]["hasNextPage"] == (before is not None)
        found = numbers(page) + found
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break

    assert found == everything


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_pages_stay_right_while_key_orders_come_in(api, shop, wanted):
    _channels, products = shop
    everything = numbers(api.data(LIST, {"filter": wanted, "first": 50})["cdKeyOrders"])
    page = api.data(LIST, {"filter": wanted, "first": 4})["cdKeyOrders"]
    after = page["pageInfo"]["endCursor"]

    for number in range(3):
        make_key_order(
            products[0],
            order_number=f"new {number}",
            status=KeyOrderStatus.WAITING,
            reason=Reason.OUT_OF_STOCK,
        )
    older = api.data(LIST, {"filter": wanted, "first": 4, "after": after})["cdKeyOrders"]
    newer = api.data(LIST, {"filter": wanted, "last": 5, "before": after})["cdKeyOrders"]

    assert numbers(older) == everything[4:8]
    assert numbers(newer) == ["new 1", "new 0", *everything[:3]]
    assert newer["pageInfo"]["hasPreviousPage"] is True
    assert older["totalCount"] == len(everything) + 3


def test_the_count_alone_takes_no_page(api, shop):
    assert api.data("{ cdKeyOrders { totalCount } }") == {"cdKeyOrders": {"totalCount": 40}}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "`first` or `last`"),
        ({"first": 101}, "exceeds the `first` limit of 100"),
        ({"last": 101}, "exceeds the `last` limit of 100"),
        ({"first": -1}, "at least one row"),
        ({"first": 1, "last": 1}, "cannot be combined"),
        ({"first": 1, "before": "WyIxIl0="}, "cannot be combined with `before`"),
        ({"last": 1, "after": "WyIxIl0="}, "cannot be combined with `after`"),
        ({"first": 1, "after": "x"}, "cursor is invalid"),
        ({"first": 1, "after": "WyJ4Il0="}, "cursor is invalid"),
        ({"first": 1, "after": "WyIxIiwiMiJd"}, "cursor is invalid"),
        ({"first": 1, "after": "WyItMSJd"}, "cursor is invalid"),
        ({"first": 1, "after": "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OSJd"}, "cursor is invalid"),
        ({"first": 1, "after": "bnVsbA=="}, "cursor is invalid"),
    ],
    ids=str,
)
def test_a_page_that_cannot_be_is_refused(api, shop, arguments, message):
    answer = api.post(LIST, arguments)

    assert answer.data == {"cdKeyOrders": None}
    assert message in answer.errors[0]["message"]
