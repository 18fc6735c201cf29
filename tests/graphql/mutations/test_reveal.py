"""Seeing a code over GraphQL: recorded first, shown then, to whoever may see that key."""

from __future__ import annotations

import base64
import logging

import pytest

from saleor_cdkeys import vault
from saleor_cdkeys.models import Key, KeyAccess, KeyOrderEvent
from saleor_cdkeys.orders import actions
from saleor_cdkeys.statuses import AccessKind, KeyStatus
from saleor_cdkeys.values import SYSTEM, KeyCode
from tests.delivery.rows import GIF
from tests.factories import make_app, make_staff
from tests.factories.cdkeys import add_keys, make_key_product
from tests.graphql.client import IP, Api, global_id
from tests.graphql.mutations.conftest import everything_stored
from tests.graphql.mutations.documents import PURCHASE_REVEAL, REVEAL

ORDERS, PRODUCTS = "order.manage_orders", "product.manage_products"


def _id(key):
    return global_id("CdKey", key.pk)


@pytest.fixture
def free(channel):
    (key,) = add_keys(make_key_product(channel=channel), "STOCK-CODE-0001")
    return key


@pytest.fixture
def sold(manual):
    """Keys of an order: several fields, and an image."""
    row, _order = manual
    codes = [
        KeyCode.of_fields({"code": "SOLD-CODE-0001", "pin": "7391"}),
        KeyCode.of_bytes(GIF, media_type="image/gif", filename="card.gif"),
    ]
    actions.enter_keys(key_order_id=row.pk, codes=codes, actor=SYSTEM)
    return list(Key.objects.order_by("unit__number"))


def test_a_sold_key_is_shown_and_who_looked_from_where_is_recorded(mutate, sold, staff):
    payload = mutate(REVEAL, id=_id(sold[0]))

    key = Key.objects.get(pk=sold[0].pk)
    assert payload["errors"] == []
    assert payload["code"] == {
        "kind": "FIELDS",
        "text": "code: SOLD-CODE-0001\npin: 7391",
        "fields": [
            {"name": "code", "value": "SOLD-CODE-0001"},
            {"name": "pin", "value": "7391"},
        ],
        "data": None,
        "mediaType": None,
        "filename": None,
    }
    assert payload["cdKey"]["status"] == "ASSIGNED"
    assert payload["cdKey"]["exposedAt"] == key.exposed_at.isoformat()
    access = KeyAccess.objects.get()
    assert (access.key_id, access.kind, access.user_id, access.app_id, access.ip) == (
        key.pk,
        AccessKind.STAFF_REVEAL,
        staff.pk,
        None,
        IP,
    )
    event = KeyOrderEvent.objects.latest("pk")
    assert (event.type, event.user_id) == ("revealed", staff.pk)
    assert "SOLD-CODE" not in repr(event.data) + event.message


def test_an_image_comes_in_base64(mutate, sold):
    code = mutate(REVEAL, id=_id(sold[1]))["code"]

    assert (code["kind"], code["text"], code["fields"]) == ("IMAGE", "", [])
    assert base64.b64decode(code["data"]) == GIF
    assert (code["mediaType"], code["filename"]) == ("image/gif", "card.gif")


def test_an_app_is_recorded_as_such(sold):
    app = make_app([ORDERS])

    Api(app=app).data(REVEAL, {"id": _id(sold[0])})

    access = KeyAccess.objects.get()
    assert (access.user_id, access.app_id, access.ip) == (None, app.pk, IP)


def test_a_key_of_the_stock_is_not_for_sale_any_more(mutate, free):
    payload = mutate(REVEAL, id=_id(free))

    assert payload["code"]["text"] == "STOCK-CODE-0001"
    assert payload["cdKey"]["status"] == "QUARANTINED"
    free.refresh_from_db()
    assert free.status == KeyStatus.QUARANTINED
    assert free.exposed_at is not None


def test_each_look_is_recorded(mutate, free):
    for _time in range(2):
        mutate(REVEAL, id=_id(free))

    assert KeyAccess.objects.count() == 2


@pytest.mark.parametrize(("permission", "whose"), [(ORDERS, "free"), (PRODUCTS, "sold")])
def test_the_permission_for_the_other_sort_of_key_does_not_do(db, request, permission, whose):
    found = request.getfixturevalue(whose)
    key = found if whose == "free" else found[0]
    before = everything_stored()

    for api in (Api(user=make_staff([permission])), Api(app=make_app([permission]))):
        answer = api.post(REVEAL, {"id": _id(key)})

        assert answer.codes == ["PermissionDenied"]
        assert "CODE" not in answer.text
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("id", "code"),
    [
        (global_id("CdKey", 0), "NOT_FOUND"),
        (global_id("CdKey", "x"), "GRAPHQL_ERROR"),
        (global_id("CdKeyOrder", 1), "GRAPHQL_ERROR"),
    ],
)
def test_an_id_of_nothing_is_refused(refused, id, code):
    assert refused(REVEAL, id=id) == [("id", code)]


def test_the_record_is_there_before_the_seal_is_broken(mutate, free, monkeypatch):
    found = []
    open_code = vault.open_code

    def look(sealed, *, uid):
        found.append((KeyAccess.objects.count(), Key.objects.get().exposed_at is not None))
        return open_code(sealed, uid=uid)

    monkeypatch.setattr(vault, "open_code", look)
    mutate(REVEAL, id=_id(free))

    assert found == [(1, True)]


def test_a_code_that_does_not_open_is_told_as_such_and_the_look_stays_recorded(mutate, free):
    Key.objects.update(sealed=bytes(free.sealed)[:-1] + b"\0")

    payload = mutate(REVEAL, id=_id(free))

    assert payload["code"] is None
    assert [(error["field"], error["code"]) for error in payload["errors"]] == [
        (None, "SEAL_BROKEN")
    ]
    assert KeyAccess.objects.count() == 1


def test_no_code_is_logged(mutate, sold, free, caplog):
    caplog.set_level(logging.DEBUG)
    for key in (*sold, free):
        mutate(REVEAL, id=_id(key))

    assert "CODE-0001" not in caplog.text
    assert "7391" not in caplog.text


@pytest.mark.real_saleor
@pytest.mark.parametrize("document", [REVEAL, PURCHASE_REVEAL])
def test_saleor_masks_what_was_revealed_before_it_tells_apps_of_the_request(document):
    from graphql import get_default_backend
    from saleor.graphql.api import schema
    from saleor.webhook.observability.obfuscation import (
        MASK,
        anonymize_gql_operation_response,
        validate_sensitive_fields_map,
    )
    from saleor.webhook.observability.sensitive_data import SENSITIVE_GQL_FIELDS
    from saleor.webhook.observability.utils import GraphQLOperationResponse

    validate_sensitive_fields_map(SENSITIVE_GQL_FIELDS, schema)
    operation = GraphQLOperationResponse(
        query=get_default_backend().document_from_string(schema, document),
        result={"data": {"code": "SOLD-CODE-0001"}},
    )

    anonymize_gql_operation_response(operation, SENSITIVE_GQL_FIELDS)

    assert operation.result == {"data": MASK}
