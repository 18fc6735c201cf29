"""Nothing twice: no code for two customers, no key bought twice, no mail sent twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count, Q

from demo import codes
from demo.mail_sink import Mail
from demo.promises import mailbox
from demo.promises.promise import Promise
from saleor_cdkeys.models import Key, KeyUnit, Purchase
from saleor_cdkeys.statuses import OPEN_PURCHASES, KeyStatus, PurchaseStatus, UnitStatus
from saleor_cdkeys.suppliers.sandbox_server import Shop, Sold

_FILLED = (UnitStatus.FILLED, UnitStatus.DELIVERED)


def check(*, supplier: Shop, mails: Sequence[Mail]) -> Promise:
    """``supplier`` is the supplier's side, whose ledger is the truth about what was sold."""
    rows = _rows_by_code()
    sold = list(supplier.ledger.values())
    surplus = Key.objects.filter(purchase__isnull=False, status=KeyStatus.AVAILABLE).count()
    facts = (
        f"{len(rows)} codes, none for two customers",
        f"{sum(len(each.all_keys()) for each in sold)} keys bought with {len(sold)} orders, "
        + (f"{surplus} in surplus and kept in stock" if surplus else "none in surplus"),
        f"{sum(bool(mail.link) for mail in mails)} mails with keys, none repeated",
    )
    broken = (
        *_codes_in_two_rows(rows),
        *_units_without_their_key(),
        *_purchases(sold, rows, supplier),
        *_more_than_needed(sold),
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


def _purchases(sold: list[Sold], rows: dict[str, list[Key]], supplier: Shop) -> Iterator[str]:
    """The supplier's ledger against the purchase journal."""
    for reference in supplier.refused_references:
        yield f"purchase {reference} was sent to the supplier twice"
    purchases = {str(row.reference): row for row in Purchase.objects.all()}
    for each in sold:
        purchase = purchases.get(each.reference)
        if purchase is None:
            yield f"the supplier sold {each.reference}, of which the journal does not know"
            continue
        missing = sum(1 for item in each.all_keys() if codes.of_item(item) not in rows)
        if missing and purchase.status not in OPEN_PURCHASES:
            yield f"{missing} keys of {purchase}, which is {purchase.status}, are not there"
    for reference in purchases.keys() - {each.reference for each in sold}:
        if purchases[reference].status == PurchaseStatus.COMPLETED:
            yield f"purchase {reference} is completed, and the supplier never sold it"


def _more_than_needed(sold: list[Sold]) -> Iterator[str]:
    """What was ordered for a key order, less what the supplier failed to give, is within it."""
    by_reference = {each.reference: each for each in sold}
    ordered: Counter[int] = Counter()
    owed: dict[int, int] = {}
    for purchase in Purchase.objects.select_related("key_order"):
        each = by_reference.get(str(purchase.reference))
        if each is not None:
            ordered[purchase.key_order_id] += min(each.quantity, len(each.all_keys()))
            owed[purchase.key_order_id] = purchase.key_order.quantity
    for key_order_id, count in ordered.items():
        if count > owed[key_order_id]:
            yield f"{count} keys bought for the {owed[key_order_id]} of key order {key_order_id}"
