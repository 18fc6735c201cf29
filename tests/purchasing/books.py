"""The shop's books beside the supplier's."""

from __future__ import annotations

from django.utils import timezone

from saleor_cdkeys.models import Key, KeyOrder, Purchase
from saleor_cdkeys.suppliers.sandbox_server import SandboxServer
from saleor_cdkeys.values import KeyCode
from saleor_cdkeys.vault import fingerprint
from tests.factories.cdkeys import run


def run_again(order) -> KeyOrder:
    """Run an order of one line as if its time had come."""
    KeyOrder.objects.filter(order_id=order.pk).update(next_run_at=timezone.now())
    (row,) = run(order)
    return row


def run_until_at_rest(order, *, rounds: int = 12) -> KeyOrder:
    """Run an order of one line until nothing is to be done or so many rounds are over."""
    for _round in range(rounds):
        row = run_again(order)
        if row.next_run_at is None:
            break
    return row


def sold_codes(server: SandboxServer) -> set[bytes]:
    """Fingerprints of all text codes that the supplier says it sold."""
    keys = [key for sold in server.shop.ledger.values() for key in sold.all_keys()]
    return {fingerprint(KeyCode.of_text(key["code"])) for key in keys if "code" in key}


def stored_codes() -> set[bytes]:
    """Fingerprints of all keys that the shop has."""
    return {bytes(print_) for print_ in Key.objects.values_list("fingerprint", flat=True)}


def statuses() -> list[str]:
    return list(Purchase.objects.order_by("id").values_list("status", flat=True))
