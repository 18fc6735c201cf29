"""Which fault is met, and when."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.sandbox_server import Fault, Script
from saleor_cdkeys.suppliers.sandbox_server.faults import PASSING


def test_what_is_set_for_a_product_comes_before_what_is_set_for_any():
    script = Script()
    script.queue([Fault.BUSY, None])
    script.queue([Fault.LATE], product="P2")
    script.set_nth(3, Fault.IMAGE)

    met = [script.draw_order(product) for product in ("P1", "P2", "P1", "P1", "P1")]

    assert met == [Fault.BUSY, Fault.LATE, Fault.IMAGE, None, None]


def test_a_share_is_the_same_for_the_same_seed():
    def draw(seed):
        script = Script(share=0.2, seed=seed)
        return [script.draw_order("P1") for _number in range(1000)]

    first = draw(7)

    assert draw(7) == first
    assert draw(8) != first
    assert 150 < sum(fault is not None for fault in first) < 250
    assert set(first) - {None} <= set(PASSING)


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (1.0, 50)])
def test_none_and_all(share, count):
    script = Script(share=share)
    assert sum(script.draw_order("P1") is not None for _number in range(50)) == count
