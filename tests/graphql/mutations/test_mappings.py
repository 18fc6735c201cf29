"""Mappings over GraphQL."""

from __future__ import annotations

import pytest

from saleor_cdkeys.models import KeyOrder, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier
from tests.graphql.client import global_id
from tests.graphql.mutations.documents import (
    MAPPING_CREATE,
    MAPPING_DELETE,
    MAPPING_REORDER,
    MAPPING_UPDATE,
)


@pytest.fixture
def product(channel):
    return make_key_product(channel=channel)


@pytest.fixture
def supplier(db):
    return make_supplier()


def _ids(*rows):
    return [global_id("CdKeySupplierMapping", row.pk) for row in rows]


def _input(product, supplier, changed):
    return {
        "keyProduct": global_id("CdKeyProduct", product.pk),
        "supplier": global_id("CdKeySupplier", supplier.pk),
        "supplierProductId": "P1",
    } | changed


def test_a_mapping_is_made_and_wakes_who_waited(mutate, channel, product, supplier):
    buy(channel=channel, lines=[(product, 1)])
    KeyOrder.objects.update(
        status=KeyOrderStatus.WAITING, reason=Reason.NO_MAPPING, next_run_at=None
    )

    payload = mutate(MAPPING_CREATE, input=_input(product, supplier, {"isActive": None}))

    row = SupplierMapping.objects.get()
    assert payload == {
        "cdKeySupplierMapping": {
            "id": _ids(row)[0],
            "keyProduct": {"id": global_id("CdKeyProduct", product.pk)},
            "supplier": {"id": global_id("CdKeySupplier", supplier.pk)},
            "supplierProductId": "P1",
            "position": 0,
            "isActive": True,
        },
        "errors": [],
    }
    assert KeyOrder.objects.get().next_run_at is not None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"keyProduct": global_id("CdKeyProduct", 0)}, ("keyProduct", "NOT_FOUND")),
        ({"keyProduct": global_id("CdKeyProduct", 2**63 - 1)}, ("keyProduct", "NOT_FOUND")),
        ({"keyProduct": global_id("CdKeyProduct", 2**63)}, ("keyProduct", "GRAPHQL_ERROR")),
        ({"keyProduct": global_id("CdKey", 1)}, ("keyProduct", "GRAPHQL_ERROR")),
        ({"supplier": global_id("CdKeySupplier", 0)}, ("supplier", "NOT_FOUND")),
        ({"supplier": "nonsense"}, ("supplier", "GRAPHQL_ERROR")),
        ({"supplierProductId": " "}, ("supplierProductId", "REQUIRED")),
        ({"supplierProductId": "x" * 256}, ("supplierProductId", "INVALID")),
        ({}, ("supplierProductId", "UNIQUE")),
    ],
)
def test_what_cannot_be_used_is_refused(refused, product, supplier, changed, expected):
    make_mapping(product, supplier)

    assert refused(MAPPING_CREATE, input=_input(product, supplier, changed)) == [expected]


def test_a_mapping_is_changed(mutate, product, supplier):
    row = make_mapping(product, supplier)
    (id,) = _ids(row)

    mutate(MAPPING_UPDATE, id=id, input={"supplierProductId": "P7", "isActive": None})
    mutate(MAPPING_UPDATE, id=id, input={"isActive": False, "supplierProductId": None})

    row.refresh_from_db()
    assert (row.supplier_product_id, row.is_active) == ("P7", False)


def test_a_change_into_another_mapping_is_refused(refused, product, supplier):
    make_mapping(product, supplier)
    row = make_mapping(product, supplier, "P2", position=1)

    errors = refused(MAPPING_UPDATE, id=_ids(row)[0], input={"supplierProductId": "P1"})

    assert errors == [("supplierProductId", "UNIQUE")]


def test_a_mapping_is_deleted_once(mutate, refused, product, supplier):
    (id,) = _ids(make_mapping(product, supplier))

    assert mutate(MAPPING_DELETE, id=id) == {"cdKeySupplierMapping": {"id": id}, "errors": []}

    assert not SupplierMapping.objects.exists()
    assert refused(MAPPING_DELETE, id=id) == [("id", "NOT_FOUND")]
    assert refused(MAPPING_UPDATE, id=id, input={}) == [("id", "NOT_FOUND")]


def test_the_order_is_changed(mutate, product, supplier):
    first, second = (make_mapping(product, supplier, f"P{n}", position=n) for n in range(2))

    payload = mutate(
        MAPPING_REORDER,
        keyProduct=global_id("CdKeyProduct", product.pk),
        mappings=_ids(second, first),
    )

    assert [row["supplierProductId"] for row in payload["cdKeyProduct"]["mappings"]] == [
        "P1",
        "P0",
    ]
    assert list(SupplierMapping.objects.values_list("pk", flat=True)) == [second.pk, first.pk]


def test_an_order_must_name_each_mapping_once(refused, product, supplier):
    rows = [make_mapping(product, supplier, f"P{n}", position=n) for n in range(2)]
    id = global_id("CdKeyProduct", product.pk)

    for named, code in (
        (_ids(rows[0]), "INVALID"),
        (_ids(rows[0], rows[0], rows[1]), "INVALID"),
        (["nonsense"], "GRAPHQL_ERROR"),
    ):
        errors = refused(MAPPING_REORDER, keyProduct=id, mappings=named)
        assert errors == [("mappings", code)]
    errors = refused(MAPPING_REORDER, keyProduct=global_id("CdKeyProduct", 0), mappings=[])
    assert errors == [("keyProduct", "NOT_FOUND")]
