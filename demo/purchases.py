"""What came of buying: what each supplier was asked, sold and was paid, and how it misbehaved."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from rich.table import Table

from demo.market import Market, Offer
from demo.promises import spent
from demo.promises.spent import Account
from demo.shop import Goods
from demo.supplier import DemoSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault

Note = tuple[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Bought:
    """What was bought at one supplier: ``asked`` orders came to it, ``sold`` of them it sold.

    ``keys`` by the supplier's id of the product.
    """

    name: str
    adapter: str
    asked: int
    sold: int
    keys: Counter[str]
    faults: Counter[Fault]
    account: Account


def count(suppliers: Iterable[DemoSupplier]) -> list[Bought]:
    return [_bought(supplier) for supplier in suppliers]


def _bought(supplier: DemoSupplier) -> Bought:
    ledger = supplier.shop.ledger.values()
    keys: Counter[str] = Counter()
    for sold in ledger:
        keys[sold.product] += len(sold.all_keys())
    return Bought(
        name=supplier.name,
        adapter=supplier.adapter,
        asked=supplier.asked,
        sold=len(ledger),
        keys=keys,
        faults=supplier.faults,
        account=spent.account(supplier),
    )


def table(bought: Sequence[Bought]) -> Table:
    found = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    found.add_column("suppliers", no_wrap=True)
    for heading in ("orders", "bad answers", "sold", "keys", "spent", "recorded", "balance left"):
        found.add_column(heading, justify="right", no_wrap=True)
    for each in bought:
        found.add_row(each.name, *_counts([each]), _amount(each.account.left))
    if len(bought) > 1:
        found.add_row()
        found.add_row("all", *_counts(bought), style="bold")
    return found


def _counts(bought: Sequence[Bought]) -> tuple[str, ...]:
    paid = sum((each.account.spent for each in bought), start=Decimal(0))
    recorded = sum((each.account.recorded for each in bought), start=Decimal(0))
    colour = "green" if paid == recorded else "red"
    return (
        str(sum(each.asked for each in bought)),
        str(sum(each.faults.total() for each in bought)),
        str(sum(each.sold for each in bought)),
        str(sum(each.keys.total() for each in bought)),
        _amount(paid),
        f"[{colour}]{_amount(recorded)}[/]",
    )


def _amount(amount: Decimal) -> str:
    return f"{amount:,.2f} €"


def faults(bought: Iterable[Bought]) -> list[Note]:
    """How each supplier misbehaved, the most frequent first."""
    return [(each.name, f"bad answers: {_named(each.faults)}") for each in bought if each.faults]


def _named(met: Counter[Fault]) -> str:
    most_first = sorted(met.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(
        (f"{number} × " if number > 1 else "") + fault.value.replace("_", " ")
        for fault, number in most_first
    )


def choices(market: Market, bought: Iterable[Bought]) -> list[Note]:
    """Where the keys of products with several suppliers came from, in the order of asking."""
    by_adapter = {each.adapter: each for each in bought}
    asked = {offer.goods: market.asked(offer.goods) for offer in market.offers}
    return [
        (goods.name, f"{_rule(goods, market)}: {_keys(offers, by_adapter)}")
        for goods, offers in asked.items()
        if len(offers) > 1
    ]


def _rule(goods: Goods, market: Market) -> str:
    return "the cheapest" if goods in market.cheapest else "in turn"


def _keys(offers: Iterable[Offer], bought: Mapping[str, Bought]) -> str:
    return ", then ".join(
        f"{bought[offer.seller].keys[offer.product_id]} at {bought[offer.seller].name} "
        f"for {_amount(offer.price)}"
        for offer in offers
    )
