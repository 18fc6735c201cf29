import base64
import json

import pytest

from demo import codes, shop
from demo.code_search import CodeSearch
from demo.market import FOUR_SUPPLIERS, SANDBOX
from demo.supplier import DemoSupplier
from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, PASSING

_FORMS = [
    (seller, fault)
    for seller in SELLERS
    for fault in (None, Fault.IMAGE, Fault.FILE, Fault.FIELDS)
    if fault is None or fault in SELLERS[seller].faults
]


def _supplier(seller, *, bad_share=0.0):
    every = FOUR_SUPPLIERS.offers + SANDBOX.offers
    offers = [offer for offer in every if offer.seller == seller]
    needed = dict.fromkeys(shop.BOUGHT_GOODS, 20)
    return DemoSupplier(seller, offers, needed=needed, seed=1, bad_share=bad_share)


def test_a_supplier_has_its_part_of_what_is_needed():
    supplier = _supplier("codeswholesale")
    stock = sorted(product.stock for product in supplier.shop.products.values())
    assert stock == [11, 1_000_000]


def _drawn(supplier):
    for _ in range(1000):
        for script in supplier.scripts:
            script.draw()
    return set(supplier.faults)


@pytest.mark.parametrize("seller", sorted(set(SELLERS) - {"codeswholesale"}))
def test_a_supplier_fails_in_every_way_that_passes_by_itself(seller):
    supplier = _supplier(seller, bad_share=1.0)
    assert _drawn(supplier) == {f for f in PASSING if f in SELLERS[seller].faults}
    assert supplier.asked == 1000


def test_no_payment_at_g2a_is_lost_on_its_way():
    supplier = _supplier("g2a", bad_share=1.0)
    _drawn(supplier)
    making, paying = supplier.scripts
    assert set(making.met) <= BEFORE | {None}
    assert not set(paying.met) & BEFORE


def test_no_order_at_codeswholesale_is_lost_on_its_way():
    lost = BEFORE - {Fault.BUSY}
    passing = {f for f in PASSING if f in SELLERS["codeswholesale"].faults}
    assert _drawn(_supplier("codeswholesale", bad_share=1.0)) == passing - lost
    assert passing & lost


@pytest.mark.parametrize(("seller", "fault"), _FORMS)
def test_a_code_is_known_and_found_whatever_form_it_was_sold_in(seller, fault):
    supplier = _supplier(seller)
    supplier.shop.sell(
        reference="1",
        product_id=next(iter(supplier.shop.products)),
        quantity=1,
        max_price=10**6,
        fault=fault,
    )
    (entry,) = supplier.entries()
    (code,) = entry.codes
    text = codes.of_code(code)
    assert text.startswith("SBX-")
    assert len(text) == 23
    leak = {"text": code.reveal_text(), "data": base64.b64encode(code.data).decode()}
    assert CodeSearch([text]).found_in(json.dumps(leak).encode()) == {text.replace("-", "")}
