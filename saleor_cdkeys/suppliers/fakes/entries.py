"""The fake suppliers' books, entry by entry, and the purchase of the shop that each belongs to.

For demo and chaos run, which compare the two.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import Sold
from saleor_cdkeys.values import KeyCode
from saleor_cdkeys.vault import fingerprint

if TYPE_CHECKING:
    from saleor_cdkeys.models import Purchase


@dataclasses.dataclass(frozen=True)
class Entry:
    """One order in a supplier's books: what was charged for it, and the codes that were sold.

    ``seller`` is the supplier's name among ``SELLERS``, which is that of its adapter.
    """

    seller: str
    id: str
    reference: str
    quantity: int
    charged: Decimal
    codes: tuple[KeyCode, ...]

    @functools.cached_property
    def prints(self) -> tuple[bytes, ...]:
        """The fingerprints of the codes, as the shop keeps them."""
        return tuple(fingerprint(code) for code in self.codes)


def read_entries(seller: str, sold: Iterable[Sold]) -> list[Entry]:
    """What stands in the books of one supplier."""
    return [
        Entry(
            seller=seller,
            id=each.id,
            # Where a reference may buy again and again, the ledger numbers them.
            reference=each.reference.partition("#")[0],
            quantity=each.quantity,
            charged=each.charged,
            codes=tuple(SELLERS[seller].code_of(key) for key in each.all_keys()),
        )
        for each in sold
    ]


def by_purchase(
    entries: Iterable[Entry], purchases: Iterable[Purchase]
) -> tuple[dict[int, list[Entry]], list[Entry]]:
    """The entries by the primary key of their purchase, and those that no purchase tells of.

    A purchase is known by our reference, or by the supplier's own id of the order. More than one
    entry of a purchase means that it was charged more than once.
    """
    known: dict[tuple[str, str], int] = {}
    for purchase in purchases:
        names = (purchase.reference.hex, _plain(purchase.supplier_order_id))
        known |= {(purchase.supplier.adapter, name): purchase.pk for name in names if name}
    found: dict[int, list[Entry]] = defaultdict(list)
    unknown: list[Entry] = []
    for entry in entries:
        names = (_plain(entry.reference), _plain(entry.id))
        pk = next((known[entry.seller, n] for n in names if (entry.seller, n) in known), None)
        if pk is None:
            unknown.append(entry)
        else:
            found[pk].append(entry)
    return dict(found), unknown


def _plain(name: str) -> str:
    """The same however a supplier writes a UUID of ours."""
    return name.replace("-", "")


def recorded(purchase: Purchase) -> Decimal:
    """What the shop wrote down of its cost: what the supplier said, else what its keys cost."""
    if purchase.charged_amount is not None:
        return Decimal(purchase.charged_amount)
    return sum((key.cost_amount or Decimal(0) for key in purchase.keys.all()), start=Decimal(0))
