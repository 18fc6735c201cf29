"""What is reached by way of something else asks for its own permission."""

from __future__ import annotations

import dataclasses

import pytest

from saleor_cdkeys.models import KeyAccess
from saleor_cdkeys.statuses import AccessKind
from tests.factories import make_app, make_staff
from tests.graphql.client import Api, global_id
from tests.graphql.scene import ORDERS, PLUGINS, PRODUCTS, call_as

STAFF = "account.manage_staff"
APPS = "app.manage_apps"


@dataclasses.dataclass(frozen=True)
class Case:
    """A field, by way of what it is reached, and the permissions that open it.

    ``reach`` is a query with %s where the field stands, and ``by`` what that alone takes.
    """

    reach: str
    by: str
    field: str
    needs: tuple[str, ...]
    expected: object


KEY = "query($key: ID!) { cdKey(id: $key) { %s } }"
PRODUCT = "query($keyOrder: ID!) { cdKeyOrder(id: $keyOrder) { keyProduct { %s } } }"
SUPPLIER = "query($keyOrder: ID!) { cdKeyOrder(id: $keyOrder) { purchases { supplier { %s } } } }"
PURCHASE = "query($keyOrder: ID!) { cdKeyOrder(id: $keyOrder) { purchases { %s } } }"
UNIT = "query($keyOrder: ID!) { cdKeyOrder(id: $keyOrder) { units { key { %s } } } }"

CASES = (
    Case(KEY, PRODUCTS, "purchase { supplierProductId }", (ORDERS,), {"supplierProductId": "P1"}),
    Case(KEY, PRODUCTS, "keyOrder { productName }", (ORDERS,), {"productName": "Game game-1"}),
    Case(KEY, PRODUCTS, "unitNumber", (ORDERS,), 1),
    Case(KEY, PRODUCTS, "keyProduct { sku }", (PRODUCTS,), {"sku": "game-1"}),
    Case(PRODUCT, ORDERS, "name", (ORDERS,), "Game game-1"),
    Case(PRODUCT, ORDERS, "supplierChoice", (ORDERS,), "IN_ORDER"),
    Case(
        PRODUCT,
        ORDERS,
        "maxUnitCost { amount currency }",
        (PRODUCTS,),
        {"amount": 15.0, "currency": "EUR"},
    ),
    Case(PRODUCT, ORDERS, "minMarginPercent", (PRODUCTS,), 12.5),
    Case(PRODUCT, ORDERS, "minMarginAmount", (PRODUCTS,), 2.0),
    Case(
        PRODUCT,
        ORDERS,
        "mappings { supplierProductId }",
        (PRODUCTS,),
        [{"supplierProductId": "P1"}],
    ),
    Case(PRODUCT, ORDERS, "stock { available }", (ORDERS, PRODUCTS), {"available": 1}),
    Case(SUPPLIER, ORDERS, "name", (ORDERS,), "Key Wholesale"),
    Case(SUPPLIER, ORDERS, "pauseReason", (ORDERS,), "ERRORS"),
    Case(SUPPLIER, ORDERS, "pauseMessage", (ORDERS,), "It is down."),
    Case(SUPPLIER, ORDERS, "pausedUntil", (ORDERS,), "2026-01-02T12:00:00+00:00"),
    Case(
        SUPPLIER,
        ORDERS,
        "balance { amount currency }",
        (PRODUCTS, PLUGINS),
        {"amount": 120.5, "currency": "EUR"},
    ),
    Case(SUPPLIER, ORDERS, "balanceAt", (PRODUCTS, PLUGINS), "2026-01-02T12:00:00+00:00"),
    Case(SUPPLIER, ORDERS, "lowBalanceAmount", (PRODUCTS, PLUGINS), 50.0),
    Case(
        SUPPLIER,
        ORDERS,
        "config { name value }",
        (PRODUCTS, PLUGINS),
        [{"name": "base_url", "value": "http://127.0.0.1:9"}],
    ),
    Case(
        SUPPLIER,
        ORDERS,
        "secrets { name isSet }",
        (PRODUCTS, PLUGINS),
        [{"name": "api_key", "isSet": True}, {"name": "message_secret", "isSet": False}],
    ),
    Case(SUPPLIER, ORDERS, "mappings { totalCount }", (PRODUCTS, PLUGINS), {"totalCount": 1}),
    Case(PURCHASE, ORDERS, "exchangeRate", (ORDERS,), 0.92),
    Case(PURCHASE, ORDERS, "exchangeRateDate", (ORDERS,), "2026-01-02"),
    Case(UNIT, ORDERS, "hint", (ORDERS,), "0001"),
    Case(UNIT, ORDERS, "batch { name }", (PRODUCTS,), None),
)


def value_of(data, case):
    """The field's value: down the query's own way, then no further."""
    name = case.field.split()[0]
    while not (isinstance(data, dict) and name in data):
        data = data[0] if isinstance(data, list) else next(iter(data.values()))
    return data[name]


@pytest.mark.parametrize("permission", [ORDERS, PRODUCTS, PLUGINS])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.field)
@pytest.mark.parametrize(
    "make",
    [lambda p: {"user": make_staff(p)}, lambda p: {"app": make_app(p)}],
    ids=["staff", "app"],
)
def test_each_field_asks_for_its_own_permission(scene, case, permission, make):
    answer = Api(**make({case.by, permission})).post(case.reach % case.field, scene.variables)

    if {case.by, permission} & set(case.needs):
        assert answer.errors == []
        assert value_of(answer.data, case) == case.expected
    else:
        assert set(answer.codes) == {"PermissionDenied"}
        assert value_of(answer.data, case) is None


@pytest.mark.parametrize("field", ["purchase { id }", "keyOrder { id }", "unitNumber"])
def test_a_key_does_not_tell_of_orders_of_other_channels(scene, field):
    api = call_as("staff elsewhere", scene)

    data = api.data(KEY % field, scene.variables)

    assert data["cdKey"] == {field.split()[0]: None}


def test_who_did_something_is_named_and_shown_to_who_may_see_staff_and_apps(scene):
    staff, app = make_staff(email="kim@example.com"), make_app(name="Robot")
    from saleor_cdkeys import timeline
    from saleor_cdkeys.statuses import EventType
    from saleor_cdkeys.values import Actor

    for actor in (Actor(user_id=staff.pk), Actor(app_id=app.pk)):
        timeline.record(
            key_order_id=scene.key_order.pk, type=EventType.NOTE, message="Hi.", actor=actor
        )
    way = "query($keyOrder: ID!) { cdKeyOrder(id: $keyOrder) { events { %s } } }"

    names = Api(app=make_app([ORDERS])).data(way % "type message actorName", scene.variables)
    hidden = Api(app=make_app([ORDERS])).post(way % "user { email } app { name }", scene.variables)
    shown = Api(app=make_app([ORDERS, STAFF, APPS])).data(
        way % "user { email } app { name }", scene.variables
    )

    assert names["cdKeyOrder"]["events"] == [
        {"type": "RECEIVED", "message": "", "actorName": ""},
        {"type": "NOTE", "message": "Hi.", "actorName": "kim@example.com"},
        {"type": "NOTE", "message": "Hi.", "actorName": "Robot"},
    ]
    assert set(hidden.codes) == {"PermissionDenied"}
    assert hidden.data["cdKeyOrder"]["events"] == [{"user": None, "app": None}] * 3
    assert shown["cdKeyOrder"]["events"] == [
        {"user": None, "app": None},
        {"user": {"email": "kim@example.com"}, "app": None},
        {"user": None, "app": {"name": "Robot"}},
    ]


def test_the_accesses_of_a_key_tell_who_and_from_where(scene):
    KeyAccess.objects.create(
        key=scene.key, kind=AccessKind.CUSTOMER_API, user_id=scene.owner.pk, ip="198.51.100.7"
    )
    api = call_as("staff of products", scene)

    data = api.data(KEY % "accesses { kind actorName ip }", scene.variables)

    assert data["cdKey"]["accesses"] == [
        {"kind": "CUSTOMER_API", "actorName": "customer@example.com", "ip": "198.51.100.7"}
    ]


def test_secrets_that_do_not_open_are_named_and_nothing_is_claimed_of_them(scene):
    scene.supplier.sealed_secrets = b"\0" * 64
    scene.supplier.save()
    document = "query($supplier: ID!) { cdKeySupplier(id: $supplier) { secrets { name isSet } } }"

    data = call_as("staff of plugins", scene).data(document, scene.variables)

    assert data["cdKeySupplier"]["secrets"] == [
        {"name": "api_key", "isSet": None},
        {"name": "message_secret", "isSet": None},
    ]


def test_the_id_of_another_type_is_refused(scene):
    variables = {"id": global_id("CdKey", scene.key_order.pk)}

    answer = call_as("staff of orders", scene).post(
        "query($id: ID!) { cdKeyOrder(id: $id) { id } }", variables
    )

    assert answer.data == {"cdKeyOrder": None}
    assert "Expected: CdKeyOrder, received: CdKey" in answer.errors[0]["message"]


@pytest.mark.parametrize("pk", ["99999999999999999999", "-1", "x", "", "１"])
def test_an_id_that_cannot_be_is_refused(scene, pk):
    answer = call_as("staff of orders", scene).post(
        "query($id: ID!) { cdKeyOrder(id: $id) { id } }", {"id": global_id("CdKeyOrder", pk)}
    )

    assert answer.data == {"cdKeyOrder": None}
    assert answer.errors[0]["message"].startswith("Invalid ID")


def test_what_does_not_exist_is_null(scene):
    answer = call_as("staff of orders", scene).post(
        "query($id: ID!) { cdKeyOrder(id: $id) { id } }", {"id": global_id("CdKeyOrder", 1 << 62)}
    )

    assert (answer.data, answer.errors) == ({"cdKeyOrder": None}, [])
