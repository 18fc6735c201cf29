"""The process of the fake suppliers and the mail server. Books are files, so that they outlive it.

python -m chaos.fakes FOLDER SEED SHARE NAME…
"""

from __future__ import annotations

import dataclasses
import json
import sys
import threading
import time
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from bench.mail_sink import MailSink
from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Script, Shop

#: Seconds: longer than the buyer waits, shorter than its quiet period.
_HANG = 1.6
_LATE = 2.0
#: Where a price that rose stays as it is, and seconds until it falls again.
_KEEPS_RISEN_PRICES, _PRICES_FALL = "kinguin", 3.0
BALANCE = Decimal(1_000_000)


def main() -> None:
    folder, seed, share = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(_serve(name, folder, seed=seed + number, share=share))
            for number, name in enumerate(sys.argv[4:])
        }
        urls = {name: server.url for name, server in servers.items()}
        mail = f"smtp://127.0.0.1:{stack.enter_context(MailSink()).port}"
        print(json.dumps({"urls": urls, "mail": mail}), flush=True)
        if _KEEPS_RISEN_PRICES in servers:
            shop = servers[_KEEPS_RISEN_PRICES].shop
            threading.Thread(target=_let_prices_fall, args=(shop,), daemon=True).start()
        # Until whoever started it closes the pipe, or dies.
        sys.stdin.read()


def _let_prices_fall(shop: Shop) -> None:
    """A price that rose is a fault that lasts, and nothing would be bought there any more."""
    usual = {product.id: product.price for product in shop.products.values()}
    while True:
        time.sleep(_PRICES_FALL)
        for product_id, price in usual.items():
            product = shop.product(product_id)
            if product.price != price:
                shop.set_product(dataclasses.replace(product, price=price))


def _serve(name: str, folder: Path, *, seed: int, share: float) -> FakeServer:
    seller = SELLERS[name]
    products = [
        Product(product_id, Decimal("5.10") + number, stock=1_000_000)
        for number, product_id in enumerate(seller.product_ids)
    ]
    shop = Shop(
        products, balance=BALANCE, late_seconds=_LATE, database=str(folder / f"{name}.sqlite")
    )
    script = Script(share=share, seed=seed, faults=sorted(seller.faults), call_share=share)
    return seller.server(shop, script=script, hang_seconds=_HANG, **seller.options)


if __name__ == "__main__":
    main()
