"""Codes for the customer who bought them: the one loader that reveals, and so writes."""

from __future__ import annotations

from collections.abc import Iterable

from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.delivery.reveal import reveal_for_customer
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DataLoader, allow_writer
from saleor_cdkeys.values import KeyCode


class OwnCodeByUnit(DataLoader):
    """The delivered code of a unit of the customer who asks; None of anybody else's.

    Each code that is returned is on record as read, by whom and from where.
    """

    context_key = "cdkeys_own_code_by_unit"

    def batch_load(self, keys: Iterable[int]) -> list[KeyCode | None]:
        keys = list(keys)
        actor = actor_of(self.context, ip=client_ip(self.context))
        # A query reads from the replica otherwise; what is recorded goes to the main database.
        with allow_writer():
            units = reveal_for_customer(unit_ids=keys, actor=actor)
        codes = {unit.unit_id: unit.code for unit in units}
        return [codes.get(key) for key in keys]
