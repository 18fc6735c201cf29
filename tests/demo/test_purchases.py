from collections import Counter
from decimal import Decimal

from rich.console import Console

from demo import purchases
from demo.market import FOUR_SUPPLIERS, SANDBOX
from demo.promises.spent import Account, Bill
from demo.purchases import Bought
from saleor_cdkeys.suppliers.sandbox_server import Fault


def _bought(adapter="kinguin", name="Kinguin", *, recorded="38.10", keys=None, faults=None):
    bill = Bill("purchase 1", charged=Decimal("38.10"), recorded=Decimal(recorded))
    return Bought(
        name=name,
        adapter=adapter,
        asked=3,
        sold=2,
        keys=Counter(keys or {}),
        faults=Counter(faults or {}),
        account=Account(name, Decimal(100), Decimal("61.90"), Decimal("61.90"), (bill,)),
    )


def _cells(bought):
    console = Console(width=100, no_color=True)
    with console.capture() as capture:
        console.print(purchases.table(bought))
    return [line.split() for line in capture.get().splitlines() if line.strip()]


def test_a_line_for_each_supplier_and_one_for_all():
    two = [_bought(keys={"a": 2}), _bought("g2a", "G2A", recorded="38.09", keys={"b": 1})]
    heading, kinguin, g2a, all_of_them = _cells(two)
    assert heading[0] == "suppliers"
    assert kinguin == ["Kinguin", "3", "0", "2", "2", "38.10", "€", "38.10", "€", "61.90", "€"]
    assert g2a == ["G2A", "3", "0", "2", "1", "38.10", "€", "38.09", "€", "61.90", "€"]
    assert all_of_them == ["all", "6", "0", "4", "3", "76.20", "€", "76.19", "€"]


def test_one_supplier_needs_no_sum():
    assert len(_cells([_bought()])) == 2


def test_bad_answers_are_named_the_most_frequent_first():
    met = {Fault.LATE: 1, Fault.TIMEOUT_AFTER: 2, Fault.BUSY: 1}
    assert purchases.faults([_bought(faults=met), _bought("g2a", "G2A")]) == [
        ("Kinguin", "bad answers: 2 × timeout after, busy, late")
    ]


def test_where_the_keys_of_each_product_came_from():
    ids = {(offer.seller, offer.goods.sku): offer.product_id for offer in FOUR_SUPPLIERS.offers}
    bought = [
        _bought(
            "kinguin",
            "Kinguin",
            keys={ids["kinguin", "ORBIT-NINE"]: 5, ids["kinguin", "DEEP-WINTER"]: 4},
        ),
        _bought("codeswholesale", "CodesWholesale", keys={ids["codeswholesale", "DEEP-WINTER"]: 6}),
        _bought("g2a", "G2A", keys={ids["g2a", "ORBIT-NINE"]: 7}),
        _bought("bamboo", "Bamboo", keys={ids["bamboo", "PAPER-KINGDOMS"]: 3}),
    ]
    assert dict(purchases.choices(FOUR_SUPPLIERS, bought)) == {
        "Orbit Nine": "the cheapest: 7 at G2A for 36.95 €, then 5 at Kinguin for 38.10 €",
        "Deep Winter": "in turn: 6 at CodesWholesale for 21.75 €, then 4 at Kinguin for 21.49 €",
        "Paper Kingdoms": (
            "the cheapest: 3 at Bamboo for 15.20 €, then 0 at CodesWholesale for 15.84 €"
        ),
    }


def test_where_there_is_one_supplier_nothing_was_chosen():
    assert purchases.choices(SANDBOX, [_bought("sandbox", "Sandbox")]) == []
