"""Bamboo's calls, each at the pace that it publishes for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import Busy, KeepAnswer, TryLater
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.http import Answer, SupplierClient
from saleor_cdkeys.suppliers.rate_limit import Gate, Rate

_CHECKOUT = "/api/integration/v1.0/orders/checkout"
#: A call that buys nothing waits its turn for at most so many seconds.
_PATIENCE = 3.0


class Call(Enum):
    """What may be read. Several share a pace where Bamboo names none for them alone."""

    CATALOG = "/api/integration/v2.0/catalog"
    ORDER = "/api/integration/v1.0/orders"
    ACCOUNTS = "/api/integration/v1.0/accounts"
    HISTORY = "/api/Integration/v1/orders"


class Api:
    """The calls of one account. ``account`` names it among all, for its workers' common pace."""

    def __init__(self, client: SupplierClient, *, account: str) -> None:
        def gate(name: str, rate: Rate) -> Gate:
            return Gate(account=f"{account}:{name}" if account else "", rates=[rate])

        self._client = client
        self._checkout = gate("checkout", Rate(2, 1))
        others = gate("others", Rate(1, 1))
        self._gates = {
            Call.CATALOG: gate("catalog", Rate(1, 1)),
            Call.ORDER: gate("order", Rate(120, 60)),
            Call.ACCOUNTS: others,
            Call.HISTORY: others,
        }

    def read(
        self,
        call: Call,
        *,
        last: str = "",
        params: Mapping[str, str] | None = None,
        keep: KeepAnswer | None = None,
    ) -> Answer:
        """As ``SupplierClient.read``. ``last`` is the last part of the address."""
        _wait_for(self._gates[call])
        path = f"{call.value}/{last}" if last else call.value
        return self._client.read(path, params=params, keep=keep)

    def check_out(
        self, body: Mapping[str, Any], *, keep: KeepAnswer, not_after: Deadline | None
    ) -> Answer:
        """As ``SupplierClient.buy``."""
        wait = self._checkout.seconds_to_wait()
        if wait:
            raise Busy(_("The supplier is asked too often."), retry_after=wait)
        return self._client.buy(_CHECKOUT, body=body, keep=keep, not_after=not_after)

    def close(self) -> None:
        self._client.close()


def _wait_for(gate: Gate) -> None:
    """Bamboo counts by the second, so waiting is better than giving up. Raises TryLater."""
    patience = _PATIENCE
    while wait := gate.seconds_to_wait():
        patience -= wait
        if patience < 0:
            raise TryLater(_("The supplier is asked too often."), retry_after=wait)
        time.sleep(wait)
