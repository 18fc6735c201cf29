"""Buying, and the keys that it brings."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import PurchaseRequest, SupplierAdapter
from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.testing.supplier_contract.fixtures import Buy, ContractFixtures, Find
from saleor_cdkeys.testing.supplier_contract.seen import forms, words
from saleor_cdkeys.testing.supplier_contract.stage import PRICE, Stage, most, wants
from saleor_cdkeys.testing.supplier_contract.waiting import wait_for
from saleor_cdkeys.values import CodeKind, Money


class Buying(ContractFixtures):
    """Keys are told as they came, and kept before they are read."""

    @pytest.mark.parametrize("quantity", [1, 3])
    def test_an_order_brings_its_keys(self, stage: Stage, buy: Buy, quantity: int) -> None:
        reference = uuid.uuid4()
        quantity = most(stage, quantity)

        order = buy(quantity=quantity, reference=reference)

        assert order.is_final
        assert order.supplier_order_id
        assert order.charged in (PRICE.times(quantity), None)
        assert len(order.keys) == quantity
        assert [key.code for key in order.keys] == stage.codes_sold(reference)
        assert stage.orders_sold() == [reference]

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.IMAGE, CodeKind.IMAGE),
            (Fault.FILE, CodeKind.FILE),
            (Fault.FIELDS, CodeKind.FIELDS),
        ],
    )
    def test_a_key_may_have_any_form(
        self, stage: Stage, buy: Buy, fault: Fault, kind: CodeKind
    ) -> None:
        wants(stage, fault)
        stage.will(fault)
        reference = uuid.uuid4()

        (key,) = buy(reference=reference).keys

        assert key.code.kind is kind
        assert [key.code] == stage.codes_sold(reference)

    @pytest.mark.parametrize(
        ("fault", "count", "charged"),
        [
            (Fault.TOO_FEW, 2, "10.20"),
            (Fault.TOO_FEW_CHARGED, 2, "15.30"),
            (Fault.TOO_MANY, 4, "15.30"),
            (Fault.OVERCHARGE, 3, "30.60"),
        ],
    )
    def test_what_came_is_told_as_it_is(
        self, stage: Stage, buy: Buy, fault: Fault, count: int, charged: str
    ) -> None:
        wants(stage, fault)
        stage.will(fault)

        order = buy(quantity=3)

        assert len(order.keys) == count
        assert order.is_final
        assert order.charged in (Money(Decimal(charged), "EUR"), None)

    @pytest.mark.parametrize(("fault", "at_once"), [(Fault.LATE, 0), (Fault.LATE_REST, 1)])
    def test_an_order_whose_keys_come_later_is_not_final(
        self, stage: Stage, buy: Buy, find: Find, fault: Fault, at_once: int
    ) -> None:
        wants(stage, fault)
        stage.will(fault)
        reference = uuid.uuid4()

        order = buy(quantity=most(stage, 3), reference=reference)

        assert not order.is_final
        assert len(order.keys) == at_once
        later = wait_for(lambda: find(reference))
        assert [key.code for key in later.keys] == stage.codes_sold(reference)
        assert later.supplier_order_id == order.supplier_order_id

    def test_an_answer_is_kept_before_it_is_read(
        self, stage: Stage, adapter: SupplierAdapter
    ) -> None:
        reference = uuid.uuid4()
        request = PurchaseRequest(
            reference=reference,
            supplier_product_id=stage.product,
            quantity=most(stage, 2),
            unit_price=PRICE,
            max_unit_price=PRICE,
        )

        def dies(_raw: bytes) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            adapter.buy(request, keep=dies, note=lambda told: stage.noted(reference, told))
        assert stage.orders_sold() == [reference]

    def test_what_is_kept_holds_every_key(self, stage: Stage, buy: Buy, kept: list[bytes]) -> None:
        reference = uuid.uuid4()
        buy(quantity=most(stage, 2), reference=reference)
        assert forms(stage.codes_sold(reference)) <= words(kept)
