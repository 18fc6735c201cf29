"""Buying a key, from the due order to the stored key, against the same requests by httpx alone."""

from __future__ import annotations

import time
from typing import Any

import httpx

from bench import bare_buying, beside
from bench.aside import Crew, WorkFailed
from bench.databases import Databases
from bench.display import Steps
from bench.measure import Measurement, Target, paired
from bench.options import Options
from bench.slow_suppliers import Pace, open_account, serve

#: An order takes a supplier a second, and a price or a list of keys much less.
_PACE = Pace(order=1.0, other=0.2)
#: Purchases of each sort in one turn.
_PURCHASES = 2


def measure(options: Options, databases: Databases, steps: Steps) -> list[Measurement]:
    steps.expect(options.rounds + 1 + beside.STEPS)
    found = []
    with databases.using("buying"), Crew(1) as fakes:
        steps.begin("placing orders")
        shops = {name: _Shop(name, fakes, options.rounds) for name in bare_buying.BARE}
        pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in shops}
        for number in range(options.rounds):
            steps.begin(f"turn {number + 1} of {options.rounds}")
            for name, shop in shops.items():
                pairs[name] += [shop.turn() for _purchase in range(_PURCHASES)]
        for name, shop in shops.items():
            shop.close()
            what = f"key of {name}: {_PACE.order:g} s for the order, {_PACE.other:g} s each other"
            found.append(paired(what, "s", pairs[name], Target(at_most=1.05)))
    return found + beside.measure(databases, steps)


class _Shop:
    """A supplier's account, orders that are to be bought there, and a bare client beside it."""

    def __init__(self, name: str, fakes: Crew, rounds: int) -> None:
        from saleor_cdkeys.suppliers.fakes.sellers import SELLERS

        (url,) = fakes.run(serve, [(name, _PACE)])
        self._product_id = SELLERS[name].product_ids[0]
        self._buy_bare = bare_buying.BARE[name]
        self._client = httpx.Client(
            base_url=url, headers={"X-Api-Key": SELLERS[name].secrets["api_key"]}, timeout=30
        )
        account = open_account(name, url)
        self._orders = _place(account, self._product_id, count=rounds * _PURCHASES + 1)
        # The first of both warms up.
        self.turn()

    def turn(self) -> tuple[float, float]:
        """Seconds of one purchase: ours, and with httpx alone."""
        began = time.perf_counter()
        _obtain(self._orders.pop())
        between = time.perf_counter()
        self._buy_bare(self._client, self._product_id)
        return between - began, time.perf_counter() - between

    def close(self) -> None:
        self._client.close()


def _place(account: Any, product_id: str, *, count: int) -> list[Any]:
    from tests.factories import make_channel
    from tests.factories.cdkeys import buy, make_key_product, make_mapping

    channel = make_channel(slug=f"bench-{account.name}")
    product = make_key_product(channel=channel, sku=f"game-{account.name}", source="suppliers")
    make_mapping(product, account, product_id)
    return [buy(channel=channel, lines=[(product, 1)]) for _ in range(count)]


def _obtain(order: Any) -> None:
    """As a worker does: own the order, look in stock, ask, buy, store. Raises WorkFailed."""
    from saleor_cdkeys import lease
    from saleor_cdkeys.acquisition.acquire import obtain
    from saleor_cdkeys.acquisition.outcome import Kind

    token, (key_order_id,) = lease.claim_due(order_id=order.pk)
    outcome = obtain(key_order_id=key_order_id, lease_token=token)
    if outcome.kind != Kind.FILLED:
        raise WorkFailed(f"Nothing was bought: {outcome.message}")
