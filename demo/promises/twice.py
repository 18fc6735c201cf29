"""Nothing twice: no code for two customers, no key bought twice, no mail sent twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count, Q

from demo import codes
from demo.mail_sink import Mail
from demo.promises import mailbox
from demo.promises.promise import Promise
from demo.supplier import DemoSupplier
from saleor_cdkeys.models import Key, KeyUnit, Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES, KeyStatus, PurchaseStatus, UnitStatus
from saleor_cdkeys.suppliers.fakes.entries import Entry, by_purchase

_FILLED = (UnitStatus.FILLED, UnitStatus.DELIVERED)


def check(*, suppliers: Sequence[DemoSupplier], mails: Sequence[Mail]) -> Promise:
    """The suppliers' ledgers are the truth about what was sold."""
    rows = _rows_by_code()
    purchases = {row.pk: row for row in Purchase.objects.select_related("supplier", "key_order")}
    every = [entry for supplier in suppliers for entry in supplier.entries()]
    by_pk, unknown = by_purchase(every, purchases.values())
    names = {supplier.adapter: supplier.name for supplier in suppliers}
    surplus = Key.objects.filter(purchase__isnull=False, status=KeyStatus.AVAILABLE).count()
    keys = sum(len(entry.codes) for entry in every)
    where = "" if len(suppliers) == 1 else f" of {len(suppliers)} suppliers"
    facts = (
        f"{len(rows)} codes, none for two customers",
        f"{keys} keys bought with {len(every)} orders{where}, "
        + (f"{surplus} in surplus and kept in stock" if surplus else "none in surplus"),
        f"{sum(bool(mail.link) for mail in mails)} mails with keys, none repeated",
    )
    broken = (
        *_codes_in_two_rows(rows),
        *_units_without_their_key(),
        *(text for supplier in suppliers for text in _sent_twice(supplier)),
        *(
            f"{names[entry.seller]} sold {entry.reference}, of which the journal does not know"
            for entry in unknown
        ),
        *_purchases(purchases, by_pk, rows),
        *_more_than_needed(purchases, by_pk),
        *mailbox.wrong(mails),
    )
    return Promise(title="Nothing twice", facts=facts, broken=broken)


def _rows_by_code() -> dict[str, list[Key]]:
    """Every key that the shop has, by its code in the clear."""
    rows: dict[str, list[Key]] = defaultdict(list)
    for key in Key.objects.select_related("purchase").iterator():
        rows[codes.of_key(key)].append(key)
    return rows


def _codes_in_two_rows(rows: dict[str, list[Key]]) -> Iterator[str]:
    for keys in rows.values():
        if len(keys) > 1:
            yield f"the keys {', '.join(str(key.pk) for key in keys)} have the same code"


def _units_without_their_key() -> Iterator[str]:
    live = Count("keys", filter=Q(keys__status=KeyStatus.ASSIGNED))
    units = KeyUnit.objects.annotate(live=live)
    wrong = units.filter(Q(status__in=_FILLED) & ~Q(live=1) | Q(status=UnitStatus.OPEN, live__gt=0))
    for unit in wrong:
        yield f"{unit} is {unit.status} and has {unit.live} live keys"


def _sent_twice(supplier: DemoSupplier) -> Iterator[str]:
    for reference in supplier.shop.refused_references:
        yield f"order {reference} was sent to {supplier.name} twice"


def _purchases(
    purchases: Mapping[int, Purchase],
    sold: Mapping[int, Sequence[Entry]],
    rows: Mapping[str, list[Key]],
) -> Iterator[str]:
    """The purchase journal against the ledgers."""
    for pk, purchase in purchases.items():
        entries = sold.get(pk, ())
        name = purchase.supplier.name
        if len(entries) > 1:
            yield f"{purchase} was charged {len(entries)} times by {name}"
        missing = sum(codes.of_code(code) not in rows for entry in entries for code in entry.codes)
        if missing and purchase.status not in OPEN_PURCHASES:
            yield f"{missing} keys of {purchase} at {name}, which is {purchase.status}, are lost"
        if not entries and purchase.status == PurchaseStatus.COMPLETED:
            yield f"{purchase} is completed, and {name} never sold it"


def _more_than_needed(
    purchases: Mapping[int, Purchase], sold: Mapping[int, Sequence[Entry]]
) -> Iterator[str]:
    """What was ordered for a key order, less what a supplier failed to give, is within it."""
    ordered: Counter[int] = Counter()
    for pk, entries in sold.items():
        for entry in entries:
            ordered[purchases[pk].key_order_id] += min(entry.quantity, len(entry.codes))
    wanted = {row.key_order_id: row.key_order.quantity for row in purchases.values()}
    for key_order_id, count in ordered.items():
        if count > wanted[key_order_id]:
            yield f"{count} keys bought for the {wanted[key_order_id]} of key order {key_order_id}"
