"""Mappings: which supplier products fill a key product, and in which order."""

from __future__ import annotations

import pytest

from saleor_cdkeys.acquisition import mappings
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import KeyOrder, KeyProduct, SupplierMapping
from saleor_cdkeys.statuses import KeyOrderStatus, Reason
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier


@pytest.fixture
def product(channel):
    return make_key_product(channel=channel)


@pytest.fixture
def supplier(db):
    return make_supplier()


def _refusal(call, **arguments):
    with pytest.raises(InvalidInput) as refused:
        call(**arguments)
    return refused.value.field, refused.value.code


def _order_of(product):
    return [row.supplier_product_id for row in SupplierMapping.objects.filter(key_product=product)]


def test_mappings_are_tried_in_the_order_in_which_they_were_made(product, supplier):
    for text in (" P9 ", "P1", "P5"):
        mappings.create(
            key_product_id=product.pk, supplier_id=supplier.pk, supplier_product_id=text
        )

    rows = SupplierMapping.objects.all()
    assert [(row.supplier_product_id, row.position, row.is_active) for row in rows] == [
        ("P9", 0, True),
        ("P1", 1, True),
        ("P5", 2, True),
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"key_product_id": 0}, ("key_product", "not_found")),
        ({"supplier_id": 0}, ("supplier", "not_found")),
        ({"supplier_product_id": " "}, ("supplier_product_id", "required")),
        ({"supplier_product_id": None}, ("supplier_product_id", "required")),
        ({"supplier_product_id": "x" * 256}, ("supplier_product_id", "invalid")),
        ({"supplier_product_id": "a\nb"}, ("supplier_product_id", "invalid")),
        ({"supplier_product_id": "P1"}, ("supplier_product_id", "unique")),
    ],
)
def test_what_cannot_be_used_is_refused(product, supplier, changed, expected):
    make_mapping(product, supplier)
    arguments = {
        "key_product_id": product.pk,
        "supplier_id": supplier.pk,
        "supplier_product_id": "P2",
        **changed,
    }

    assert _refusal(mappings.create, **arguments) == expected
    assert _order_of(product) == ["P1"]


def test_the_same_supplier_product_may_fill_two_key_products(channel, product, supplier):
    other = make_key_product(channel=channel, sku="game-2")
    make_mapping(product, supplier)

    mappings.create(key_product_id=other.pk, supplier_id=supplier.pk, supplier_product_id="P1")

    assert _order_of(other) == ["P1"]


def test_a_mapping_is_changed(product, supplier):
    row = make_mapping(product, supplier)

    mappings.update(mapping_id=row.pk, values={"supplier_product_id": "P7", "is_active": False})

    row.refresh_from_db()
    assert (row.supplier_product_id, row.is_active) == ("P7", False)


def test_a_change_into_another_mapping_is_refused(product, supplier):
    row = make_mapping(product, supplier)
    make_mapping(product, supplier, "P2", position=1)

    assert _refusal(mappings.update, mapping_id=row.pk, values={"supplier_product_id": "P2"}) == (
        "supplier_product_id",
        "unique",
    )
    assert _order_of(product) == ["P1", "P2"]


def test_nobody_changes_what_is_not_there(db):
    expected = ("id", "not_found")

    assert _refusal(mappings.update, mapping_id=1, values={}) == expected
    assert _refusal(mappings.delete, mapping_id=1) == expected


def test_a_mapping_is_taken_away(product, supplier):
    row = make_mapping(product, supplier)

    mappings.delete(mapping_id=row.pk)

    assert not SupplierMapping.objects.exists()


def test_the_order_is_changed_as_a_whole(product, supplier):
    rows = [make_mapping(product, supplier, f"P{n}", position=n) for n in range(3)]

    mappings.reorder(key_product_id=product.pk, mapping_ids=[rows[2].pk, rows[0].pk, rows[1].pk])

    assert _order_of(product) == ["P2", "P0", "P1"]


@pytest.mark.parametrize("named", [[], [0], [0, 0, 1], [0, 1, 2, 3]])
def test_an_order_that_forgets_repeats_or_invents_is_refused(channel, product, supplier, named):
    rows = [make_mapping(product, supplier, f"P{n}", position=n) for n in range(3)]
    foreign = make_mapping(make_key_product(channel=channel, sku="game-2"), supplier)
    ids = [[*rows, foreign][n].pk for n in reversed(named)]

    assert _refusal(mappings.reorder, key_product_id=product.pk, mapping_ids=ids) == (
        "mappings",
        "invalid",
    )
    assert _order_of(product) == ["P0", "P1", "P2"]


def test_the_mappings_of_nothing_cannot_be_reordered(db):
    assert _refusal(mappings.reorder, key_product_id=1, mapping_ids=[]) == (
        "key_product",
        "not_found",
    )


@pytest.mark.parametrize("change", ["create", "update"])
def test_who_waited_for_a_mapping_is_looked_at_again(channel, product, supplier, change):
    row = make_mapping(product, supplier)
    buy(channel=channel, lines=[(product, 1)])
    KeyOrder.objects.update(
        status=KeyOrderStatus.WAITING, reason=Reason.NO_MAPPING, next_run_at=None
    )

    if change == "create":
        mappings.create(
            key_product_id=product.pk, supplier_id=supplier.pk, supplier_product_id="P2"
        )
    else:
        mappings.update(mapping_id=row.pk, values={"is_active": True})

    assert KeyOrder.objects.get().next_run_at is not None
    assert KeyProduct.objects.count() == 1
