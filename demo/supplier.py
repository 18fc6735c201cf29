"""The suppliers of the demo: fake servers, a fifth of whose answers to orders are bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from demo.market import NAMES, Market, Offer
from demo.shop import Goods
from saleor_cdkeys.suppliers.fakes.codeswholesale import CodesWholesaleServer
from saleor_cdkeys.suppliers.fakes.entries import Entry, read_entries
from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, Script, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, PASSING

#: The share of their answers to orders that are bad.
BAD_SHARE = 0.2
#: What was paid in at each of them before the shop opened, in EUR.
PAID_IN = Decimal(100_000)
#: Seconds: longer than the shop waits for an answer.
_HANG = 4.0
_ENDLESS = 1_000_000


class CountingScript(Script):
    """Remembers which faults the orders met; None counts the good answers."""

    def __init__(self, *, share: float, seed: int, faults: Iterable[Fault]) -> None:
        super().__init__(share=share, seed=seed, faults=tuple(faults))
        self.met: Counter[Fault | None] = Counter()

    def draw(self) -> Fault | None:
        fault = super().draw()
        self.met[fault] += 1
        return fault


class DemoSupplier:
    """One supplier with what it offers; use it as a context.

    ``needed`` says how many keys will have to be bought, by product; ``bad_share`` of its answers
    to orders are bad, from 0 to 1. ``scripts``: one for each call that an order takes.
    """

    def __init__(
        self,
        seller: str,
        offers: Iterable[Offer],
        *,
        needed: Mapping[Goods, int],
        seed: int,
        bad_share: float = BAD_SHARE,
    ) -> None:
        self.adapter = seller
        self.name = NAMES[seller]
        self.shop = Shop(
            [
                Product(offer.product_id, offer.price, _stock(offer, needed[offer.goods]))
                for offer in offers
            ],
            balance=PAID_IN,
        )
        self._seller = SELLERS[seller]
        self.scripts = self._make_scripts(seed, bad_share)
        self._server = self._seller.server(
            self.shop, script=self.scripts[-1], hang_seconds=_HANG, **self._seller.options
        )
        if isinstance(self._server, G2AServer):
            self._server.order_script = self.scripts[0]

    def _make_scripts(self, seed: int, bad_share: float) -> list[CountingScript]:
        faults = [fault for fault in PASSING if fault in self._seller.faults]
        parts = [faults]
        if issubclass(self._seller.server, G2AServer):
            # An order is made there, which is free, and then paid for. Were a payment lost on its
            # way, half an hour would pass until it is sure that nothing was paid.
            parts = [[f for f in faults if f in BEFORE], [f for f in faults if f not in BEFORE]]
        if issubclass(self._seller.server, CodesWholesaleServer):
            # Were an order lost on its way, only a list that reaches well beyond it would prove
            # that it was never made, and none does on a day of some minutes.
            parts = [[f for f in faults if f not in BEFORE or f is Fault.BUSY]]
        share = bad_share / len(parts)
        return [CountingScript(share=share, seed=seed, faults=part) for part in parts]

    @property
    def settings(self) -> dict[str, str]:
        """Of an account there: what is no secret."""
        return self._seller.settings(self._server.url)

    @property
    def secrets(self) -> Mapping[str, str]:
        return self._seller.secrets

    @property
    def asked(self) -> int:
        """How many orders came, those included that were not sold."""
        return self.scripts[0].met.total()

    @property
    def faults(self) -> Counter[Fault]:
        """How often which was met."""
        met = sum((script.met for script in self.scripts), start=Counter[Fault | None]())
        return Counter({fault: count for fault, count in met.items() if fault is not None})

    def entries(self) -> list[Entry]:
        """What stands in its books."""
        return read_entries(self.adapter, self.shop.ledger.values())

    def __enter__(self) -> DemoSupplier:
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()


def _stock(offer: Offer, needed: int) -> int:
    return _ENDLESS if offer.part is None else max(1, round(needed * offer.part))


def make_suppliers(market: Market, *, needed: Mapping[Goods, int], seed: int) -> list[DemoSupplier]:
    return [
        DemoSupplier(
            seller,
            [offer for offer in market.offers if offer.seller == seller],
            needed=needed,
            seed=seed + number,
        )
        for number, seller in enumerate(market.sellers)
    ]
