"""The fake suppliers: how each is run, and how an account at it is set up."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from saleor_cdkeys.suppliers.fakes.bamboo import BambooServer
from saleor_cdkeys.suppliers.fakes.codeswholesale import CodesWholesaleServer
from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.sandbox_server import FakeServer, Fault, SandboxServer
from saleor_cdkeys.values import KeyCode

_ALL = frozenset(Fault)

#: Seconds after which a fake's unpaid reservation dies, and the buyer counts it as dead.
RESERVED_FOR, DEAD_AFTER = 8.0, 12.0


@dataclasses.dataclass(frozen=True, slots=True)
class Seller:
    """``server`` is made with ``options``; ``product_ids`` are what it sells.

    ``faults`` are those that its protocol can have; ``code_of`` is the code that a key of its books
    stands for; ``path`` follows the server's address in the account's settings.
    """

    server: type[FakeServer]
    options: Mapping[str, Any]
    config: Mapping[str, str]
    secrets: Mapping[str, str]
    product_ids: tuple[str, ...]
    faults: frozenset[Fault]
    code_of: Callable[[Mapping[str, Any]], KeyCode]
    path: str = ""

    def settings(self, url: str) -> dict[str, str]:
        """The account's settings, for a server at that address."""
        return {**self.config, "base_url": url + self.path}


def _code(key: Mapping[str, Any]) -> KeyCode:
    if "fields" in key:
        return KeyCode.of_fields([(name, value) for name, value in key["fields"]])
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    data = base64.b64decode(key["code"])
    return KeyCode.of_bytes(data, media_type=key["type"], filename=key["name"])


def _card(key: Mapping[str, Any]) -> KeyCode:
    from saleor_cdkeys.suppliers.fakes.bamboo_shop import card

    told = card(dict(key))
    if told["pin"]:
        return KeyCode.of_fields([("code", told["cardCode"]), ("pin", told["pin"])])
    return KeyCode.of_text(told["cardCode"])


SELLERS: dict[str, Seller] = {
    "sandbox": Seller(
        server=SandboxServer,
        options={"api_key": "sandbox-key"},
        config={},
        secrets={"api_key": "sandbox-key"},
        product_ids=("P1", "P2", "P3"),
        faults=_ALL,
        code_of=_code,
    ),
    "kinguin": Seller(
        server=KinguinServer,
        options={"api_key": "kinguin-key"},
        config={},
        secrets={"api_key": "kinguin-key"},
        product_ids=("5c9b68662539a4e8f17ae2fe", "5c9b68662539a4e8f17ae2ff"),
        faults=_ALL - {Fault.FILE, Fault.FIELDS},
        code_of=_code,
    ),
    "codeswholesale": Seller(
        server=CodesWholesaleServer,
        options={"credentials": ("client", "cws-secret"), "signature": "sig-99"},
        config={},
        secrets={"client_id": "client", "client_secret": "cws-secret"},
        product_ids=(
            "466c805b-ead1-4851-bc4f-9eda242550ad",
            "0b0f4b6e-6f43-4a4e-9d0e-0f3c1f8a2b11",
        ),
        # What it says where nothing is left is told nowhere, and an order that lacks a code is
        # never complete.
        faults=_ALL
        - {Fault.NO_STOCK, Fault.PRICE_RISES, Fault.FILE, Fault.FIELDS}
        - {Fault.TOO_FEW, Fault.TOO_FEW_CHARGED},
        code_of=_code,
    ),
    "g2a": Seller(
        server=G2AServer,
        options={
            "api_hash": "g2a-hash",
            "email": "buyer@example.com",
            "api_secret": "g2a-secret",
            "reserved_for": RESERVED_FOR,
        },
        config={"email": "buyer@example.com"},
        secrets={"api_hash": "g2a-hash", "api_secret": "g2a-secret"},
        product_ids=("10000068865002", "10000068865003"),
        faults=_ALL
        - {Fault.FIELDS, Fault.TOO_FEW, Fault.TOO_FEW_CHARGED, Fault.TOO_MANY}
        - {Fault.OVERCHARGE, Fault.LATE_REST},
        code_of=_code,
        path="/v1",
    ),
    "bamboo": Seller(
        server=BambooServer,
        options={"credentials": ("client", "bamboo-secret")},
        config={"account_id": "1001"},
        secrets={"client_id": "client", "client_secret": "bamboo-secret"},
        product_ids=("55", "56"),
        faults=_ALL - {Fault.PRICE_RISES, Fault.IMAGE, Fault.FILE},
        code_of=_card,
    ),
}

#: The suppliers that merchants buy from; the sandbox is one to rehearse with.
REAL = tuple(name for name in SELLERS if name != "sandbox")
