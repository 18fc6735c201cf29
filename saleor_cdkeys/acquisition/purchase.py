"""Placeholder until the purchase journal lands."""

from saleor_cdkeys.acquisition.outcome import Kind, PurchaseOutcome
from saleor_cdkeys.statuses import Reason


def resolve_open(*, key_order_id, lease_token):
    return None


def try_suppliers(*, key_order_id, lease_token):
    return PurchaseOutcome(kind=Kind.REFUSED, reason=Reason.NO_MAPPING)
