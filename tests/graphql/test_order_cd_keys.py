"""`Order.cdKeys`: staff see the key orders, the customer who owns the order their keys."""

from __future__ import annotations

import pytest

from saleor_cdkeys.models import Key, KeyAccess, KeyOrderEvent, KeyUnit
from saleor_cdkeys.statuses import AccessKind, EventType, UnitStatus
from saleor_cdkeys.values import KeyCode
from tests.delivery.rows import GIF
from tests.factories import make_app, make_staff
from tests.graphql.client import IP, Api, global_id
from tests.graphql.scene import (
    CALLERS,
    CODES,
    DELIVERED_CODE,
    ORDERS,
    PRODUCTS,
    SECRET,
    call_as,
)
from tests.graphql.selections import field_names, select, select_field

OWN = """
query($order: ID!) {
  order(id: $order) {
    cdKeys {
      orderNumber productName sku quantity quantityFulfilled quantityDelivered deliveredAt
      units {
        number status deliveredAt
        code { kind text fields { name value } data mediaType filename }
      }
    }
  }
}
"""
CODE = "query($order: ID!) { order(id: $order) { cdKeys { units { code { text } } } } }"

#: What the customer who owns the order may see of it; everything else is for staff.
FOR_CUSTOMERS = {
    "CdKeyOrder": {
        "id",
        "orderNumber",
        "productName",
        "sku",
        "quantity",
        "quantityFulfilled",
        "quantityDelivered",
        "deliveredAt",
        "units",
    },
    "CdKeyUnit": {"id", "number", "status", "deliveredAt", "code"},
}


def test_the_owner_sees_their_units_and_the_codes_of_delivered_ones(scene):
    (line,) = Api(user=scene.owner).data(OWN, scene.variables)["order"]["cdKeys"]

    delivered_at = line["units"][0].pop("deliveredAt")
    assert delivered_at is not None
    assert line == {
        "orderNumber": scene.key_order.order_number,
        "productName": "Game game-1",
        "sku": "game-1",
        "quantity": 3,
        "quantityFulfilled": 2,
        "quantityDelivered": 1,
        "deliveredAt": None,
        "units": [
            {
                "number": 1,
                "status": "DELIVERED",
                "code": {
                    "kind": "TEXT",
                    "text": DELIVERED_CODE,
                    "fields": [],
                    "data": None,
                    "mediaType": None,
                    "filename": None,
                },
            },
            {"number": 2, "status": "FILLED", "deliveredAt": None, "code": None},
            {"number": 3, "status": "OPEN", "deliveredAt": None, "code": None},
        ],
    }


def test_each_code_that_the_owner_reads_is_recorded(scene):
    Api(user=scene.owner).data(CODE, scene.variables)

    access = KeyAccess.objects.get()
    assert (access.key, access.kind) == (scene.key, AccessKind.CUSTOMER_API)
    assert (access.user_id, access.app_id, access.ip) == (scene.owner.pk, None, IP)
    event = KeyOrderEvent.objects.get(type=EventType.REVEALED)
    assert (event.key_order, event.user_id) == (scene.key_order, scene.owner.pk)
    assert event.data == {"kind": "customer_api", "units": [1]}
    assert list(Key.objects.filter(exposed_at__isnull=False)) == [scene.key]

    Api(user=scene.owner).data(CODE, scene.variables)

    assert KeyAccess.objects.count() == 2


def test_units_without_their_codes_are_read_unrecorded(scene):
    document = CODE.replace("code { text }", "status")

    Api(user=scene.owner).data(document, scene.variables)

    assert KeyAccess.objects.count() == 0
    assert not Key.objects.filter(exposed_at__isnull=False).exists()


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller != "owner"])
def test_nobody_else_reads_a_code_there(scene, caller):
    answer = call_as(caller, scene).post(CODE, scene.variables)

    is_staff = caller in ("staff of orders", "app of orders")
    nothing = [{"units": [{"code": None}] * 3}]
    assert answer.data == {"order": {"cdKeys": nothing if is_staff else None}}
    assert answer.codes == ([] if is_staff else ["PermissionDenied"])
    assert not any(code in answer.text for code in CODES)
    assert KeyAccess.objects.count() == 0


@pytest.mark.parametrize("status", [UnitStatus.CANCELED, UnitStatus.REFUNDED])
def test_the_code_of_a_unit_that_was_called_off_is_closed(scene, status):
    KeyUnit.objects.filter(pk=scene.unit.pk).update(status=status)

    answer = Api(user=scene.owner).post(CODE, scene.variables)

    assert answer.data["order"]["cdKeys"][0]["units"] == [{"code": None}] * 3
    assert KeyAccess.objects.count() == 0


def test_an_order_placed_without_an_account_belongs_to_who_makes_one(scene):
    type(scene.key_order).objects.update(user_id=None)

    (line,) = Api(user=scene.owner).data(CODE, scene.variables)["order"]["cdKeys"]

    assert line["units"][0] == {"code": {"text": DELIVERED_CODE}}


def test_an_order_that_was_handed_on_is_no_longer_of_whom_it_was(scene):
    scene.order.user = None
    scene.order.save()

    answer = Api(user=scene.owner).post(CODE, scene.variables)

    assert answer.codes == ["PermissionDenied"]
    assert KeyAccess.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (
            KeyCode.of_fields({"code": "FIEL-DXXX-0005", "pin": "1234"}),
            {
                "kind": "FIELDS",
                "text": "code: FIEL-DXXX-0005\npin: 1234",
                "fields": [
                    {"name": "code", "value": "FIEL-DXXX-0005"},
                    {"name": "pin", "value": "1234"},
                ],
                "data": None,
                "mediaType": None,
                "filename": None,
            },
        ),
        (
            KeyCode.of_bytes(GIF, media_type="image/gif", filename="key.gif"),
            {
                "kind": "IMAGE",
                "text": "",
                "fields": [],
                "data": "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=",
                "mediaType": "image/gif",
                "filename": "key.gif",
            },
        ),
    ],
    ids=["fields", "image"],
)
def test_codes_of_every_form(scene, code, shown):
    from saleor_cdkeys import vault

    sealed = vault.seal_code(code, uid=scene.key.uid)
    Key.objects.filter(pk=scene.key.pk).update(sealed=sealed, kind=code.kind)

    (line,) = Api(user=scene.owner).data(OWN, scene.variables)["order"]["cdKeys"]

    assert line["units"][0]["code"] == shown


@pytest.mark.parametrize("type_name", list(FOR_CUSTOMERS))
def test_the_owner_sees_nothing_that_is_for_staff(scene, type_name):
    api = Api(user=scene.owner)
    visible, denied = set(), set()
    for name in field_names(type_name):
        selection = select_field(type_name, name)
        if type_name == "CdKeyUnit":
            selection = f"units {{ {selection} }}"
        document = f"query($order: ID!) {{ order(id: $order) {{ cdKeys {{ {selection} }} }} }}"
        answer = api.post(document, scene.variables)
        (denied if answer.errors else visible).add(name)
        assert set(answer.codes) <= {"PermissionDenied"}

    assert visible == FOR_CUSTOMERS[type_name]
    assert visible | denied == set(field_names(type_name))


def test_staff_who_own_an_order_of_a_channel_that_is_not_theirs_are_customers_there(scene):
    staff = make_staff([ORDERS, PRODUCTS], channels=[scene.elsewhere])
    scene.order.user = staff
    scene.order.save()

    own = Api(user=staff).post(CODE, scene.variables)
    email = Api(user=staff).post(CODE.replace("units { code { text } }", "email"), scene.variables)

    assert own.data["order"]["cdKeys"][0]["units"][0] == {"code": {"text": DELIVERED_CODE}}
    assert email.codes == ["PermissionDenied"]
    assert email.data["order"]["cdKeys"] == [{"email": None}]


def test_staff_see_everything_and_no_code(scene):
    selection = select("CdKeyOrder", depth=5)
    document = f"query($order: ID!) {{ order(id: $order) {{ cdKeys {selection} }} }}"
    everything = ["account.manage_staff", "account.manage_users", "app.manage_apps"]
    staff = make_app([ORDERS, PRODUCTS, "plugins.manage_plugins", *everything])

    answer = Api(app=staff).post(document, scene.variables)

    assert answer.errors == []
    (line,) = answer.data["order"]["cdKeys"]
    assert [unit["key"] and unit["key"]["hint"] for unit in line["units"]] == [
        "0001",
        "0002",
        None,
    ]
    assert line["units"][0]["key"]["id"] == global_id("CdKey", scene.key.pk)
    for secret in (*CODES, SECRET, scene.token):
        assert secret not in answer.text
    assert KeyAccess.objects.count() == 0
