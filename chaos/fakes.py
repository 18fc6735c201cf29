"""The process of the fake suppliers and the mail server. Books are files, so that they outlive it.

python -m chaos.fakes FOLDER SEED SHARE NAME…
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from bench.mail_sink import MailSink
from saleor_cdkeys.suppliers.fakes.sellers import SELLERS
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Product, Script, Shop

#: Seconds: longer than the buyer waits, shorter than its quiet period.
_HANG = 1.6
_LATE = 2.0
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
        # Until whoever started it closes the pipe, or dies.
        sys.stdin.read()


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
