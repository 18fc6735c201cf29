"""Which entry of a supplier's books belongs to which purchase."""

import uuid
from decimal import Decimal
from types import SimpleNamespace

from saleor_cdkeys.suppliers.fakes.entries import Entry, by_purchase

_OURS = uuid.UUID("6f0c1f1e-5c1a-4a7e-9a51-0d8d1f8f9a10")


def _entry(seller="kinguin", *, reference=str(_OURS), number="S1"):
    return Entry(
        seller=seller,
        id=number,
        reference=reference,
        quantity=1,
        charged=Decimal("38.10"),
        codes=(),
    )


def _purchase(adapter="kinguin", *, reference=_OURS, supplier_order_id="", pk=1):
    return SimpleNamespace(
        pk=pk,
        reference=reference,
        supplier_order_id=supplier_order_id,
        supplier=SimpleNamespace(adapter=adapter),
    )


def test_by_our_reference_however_it_is_written():
    dashed, plain = _entry(), _entry(reference=_OURS.hex, number="S2")
    assert by_purchase([dashed, plain], [_purchase()]) == ({1: [dashed, plain]}, [])


def test_by_the_suppliers_own_id():
    entry = _entry("g2a", reference="61792534")
    purchase = _purchase("g2a", supplier_order_id="61792534")
    assert by_purchase([entry], [purchase]) == ({1: [entry]}, [])
    entry = _entry(reference="-unnamed", number="S7")
    assert by_purchase([entry], [_purchase(supplier_order_id="S7")]) == ({1: [entry]}, [])


def test_each_to_its_own():
    other = uuid.uuid4()
    first, second = _entry(), _entry(reference=str(other), number="S2")
    rows = [_purchase(), _purchase(reference=other, pk=2)]
    assert by_purchase([second, first], rows) == ({1: [first], 2: [second]}, [])


def test_what_no_purchase_tells_of():
    entry = _entry(reference="61799999")
    assert by_purchase([entry], [_purchase()]) == ({}, [entry])


def test_what_was_bought_at_another_supplier():
    entry = _entry("bamboo")
    assert by_purchase([entry], [_purchase("kinguin")]) == ({}, [entry])


def test_orders_without_an_id_are_not_taken_for_each_other():
    entry = _entry(reference="", number="")
    assert by_purchase([entry], [_purchase()]) == ({}, [entry])
