"""Mappings over GraphQL."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from saleor_cdkeys.models import KeyOrder, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier
from tests.graphql.client import global_id
from tests.graphql.mutations.documents import (
    MAPPING_ACCEPT,
    MAPPING_CREATE,
    MAPPING_DELETE,
    MAPPING_IMPORT,
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
            "countries": [],
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
        ({"countries": ["DE", "UK"]}, ("countries", "INVALID")),
        ({"countries": [""]}, ("countries", "INVALID")),
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


def test_it_may_be_for_some_countries(mutate, refused, product, supplier):
    def told(**countries):
        return mutate(MAPPING_UPDATE, id=id, input=countries)["cdKeySupplierMapping"]["countries"]

    new = _input(product, supplier, {"countries": ["pl", "DE", "DE"]})
    payload = mutate(MAPPING_CREATE, input=new)

    assert payload["cdKeySupplierMapping"]["countries"] == ["DE", "PL"]
    id = payload["cdKeySupplierMapping"]["id"]
    assert told(countries=["GB"]) == ["GB"]
    assert told(countries=None, isActive=True) == ["GB"]
    assert refused(MAPPING_UPDATE, id=id, input={"countries": ["ZZ"]}) == [("countries", "INVALID")]
    assert SupplierMapping.objects.get().countries == "GB"
    assert told(countries=[]) == []


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


class TestAccept:
    def test_the_flag_goes(self, mutate, product, supplier):
        row = make_mapping(product, supplier)
        SupplierMapping.objects.update(
            seen_at=timezone.now(),
            region="Asia",
            agreed={"region": "Europe", "blocked_countries": "", "is_preorder": False},
            flag="region_changed",
        )

        payload = mutate(MAPPING_ACCEPT, id=_ids(row)[0])

        assert payload == {
            "cdKeySupplierMapping": {"id": _ids(row)[0], "flag": None},
            "errors": [],
        }

    def test_unknown(self, refused, db):
        assert refused(MAPPING_ACCEPT, id=global_id("CdKeySupplierMapping", 1)) == [
            ("id", "NOT_FOUND")
        ]


class TestImport:
    def _send(self, api, text, **variables):
        file = SimpleUploadedFile("mappings.csv", text.encode())
        answer = api.upload(MAPPING_IMPORT, {"file": None, **variables}, files={"file": file})
        assert answer.errors == []
        return answer.data["cdKeySupplierMappingImport"]

    def test_rows_become_mappings_and_problems_are_told(self, api, product, supplier):
        text = "sku,supplier,supplier_product_id\ngame-1,Sandbox,A\ngame-9,Sandbox,B\n"

        payload = self._send(api, text, preview=False)

        assert payload == {
            "counts": [
                {"outcome": "CREATED", "message": "Mapped", "count": 1},
                {
                    "outcome": "UNKNOWN_SKU",
                    "message": "No product variant has this SKU",
                    "count": 1,
                },
            ],
            "rows": [
                {
                    "line": 3,
                    "product": "game-9",
                    "supplier": "Sandbox",
                    "supplierProductId": "B",
                    "outcome": "UNKNOWN_SKU",
                    "message": "No product variant has this SKU",
                }
            ],
            "errors": [],
        }
        assert SupplierMapping.objects.get().supplier_product_id == "A"

    def test_a_preview_writes_nothing(self, api, product, supplier):
        text = "sku,supplier,supplier_product_id\ngame-1,Sandbox,A\n"
        payload = self._send(api, text, preview=True)
        assert [(each["outcome"], each["count"]) for each in payload["counts"]] == [("CREATED", 1)]
        assert not SupplierMapping.objects.exists()

    def test_a_file_that_cannot_be_understood(self, api, product):
        payload = self._send(api, "game-1\n")
        assert (payload["counts"], payload["rows"]) == (None, None)
        assert [(each["field"], each["code"]) for each in payload["errors"]] == [
            ("file", "INVALID")
        ]
