"""Every cent: what left each account is what its supplier charged, and what the shop wrote down."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from demo.promises.promise import Promise
from demo.supplier import PAID_IN, DemoSupplier
from saleor_cdkeys.models import Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES
from saleor_cdkeys.suppliers.fakes.entries import Entry, by_purchase, recorded


@dataclasses.dataclass(frozen=True, slots=True)
class Bill:
    """One purchase: what the supplier charged for it, and what the shop recorded.

    ``is_open``: its outcome is not clear yet, so nothing need be recorded.
    """

    name: str
    charged: Decimal
    recorded: Decimal
    is_open: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """The money at one supplier: what was ``paid_in``, what is ``left`` by its own books, and what
    it ``told`` over its API (None: it tells nobody). ``unknown`` was charged for orders of which
    the journal says nothing.
    """

    supplier: str
    paid_in: Decimal
    left: Decimal
    told: Decimal | None
    bills: tuple[Bill, ...]
    unknown: Decimal = Decimal(0)

    @property
    def spent(self) -> Decimal:
        return self.paid_in - self.left

    @property
    def charged(self) -> Decimal:
        return sum((bill.charged for bill in self.bills), start=self.unknown)

    @property
    def recorded(self) -> Decimal:
        """Of what is not clear yet, what the supplier charged."""
        amounts = (bill.charged if bill.is_open else bill.recorded for bill in self.bills)
        return sum(amounts, start=Decimal(0))


def check(suppliers: Sequence[DemoSupplier], *, told: Mapping[str, Decimal | None]) -> Promise:
    """``told`` is what each supplier says is left, by adapter."""
    return judge([account(supplier, told=told[supplier.adapter]) for supplier in suppliers])


def account(supplier: DemoSupplier, *, told: Decimal | None = None) -> Account:
    rows = {
        row.pk: row
        for row in Purchase.objects.filter(supplier__adapter=supplier.adapter)
        .select_related("supplier")
        .prefetch_related("keys")
    }
    entries, unknown = by_purchase(supplier.entries(), rows.values())
    return Account(
        supplier=supplier.name,
        paid_in=PAID_IN,
        left=supplier.shop.balance,
        told=told,
        bills=tuple(_bill(row, entries.get(pk, ())) for pk, row in rows.items()),
        unknown=_charged(unknown),
    )


def _bill(purchase: Purchase, entries: Iterable[Entry]) -> Bill:
    return Bill(
        name=str(purchase),
        charged=_charged(entries),
        recorded=recorded(purchase),
        is_open=purchase.status in OPEN_PURCHASES,
    )


def _charged(entries: Iterable[Entry]) -> Decimal:
    return sum((entry.charged for entry in entries), start=Decimal(0))


def judge(accounts: Sequence[Account]) -> Promise:
    bills = [bill for each in accounts for bill in each.bills if bill.charged]
    telling = [each.told for each in accounts if each.told is not None]
    unclear = [bill.charged for bill in bills if bill.is_open]
    facts = [f"{_sum(accounts)} spent in {len(bills)} purchases, each written down to the cent"]
    if telling:
        facts.append("the balances that suppliers tell say the same as their books")
    if unclear:
        facts.append(
            f"{_eur(sum(unclear))} of it for {len(unclear)} purchases that are not clear yet"
        )
    broken = tuple(text for each in accounts for text in _differences(each))
    return Promise(title="Every cent", facts=tuple(facts), broken=broken)


def _sum(accounts: Sequence[Account]) -> str:
    return _eur(sum((each.spent for each in accounts), start=Decimal(0)))


def _eur(amount: Decimal | int) -> str:
    return f"{amount:,.2f} EUR"


def _differences(account: Account) -> Iterator[str]:
    name, left, told = account.supplier, account.left, account.told
    if account.spent != account.charged:
        yield (
            f"{name}: {_eur(account.spent)} left the account, {_eur(account.charged)} were charged"
        )
    if told is not None and told != left:
        yield f"{name} says that {_eur(told)} are left, its books say {_eur(left)}"
    if account.unknown:
        yield f"{name} charged {_eur(account.unknown)} for orders that the journal does not know"
    for bill in account.bills:
        if not bill.is_open and bill.recorded != bill.charged:
            yield (
                f"{bill.name}: {name} charged {_eur(bill.charged)}, "
                f"{_eur(bill.recorded)} are recorded"
            )
