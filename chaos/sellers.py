"""The fake suppliers: how each is run, and how an account at it is set up."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server import FakeServer, SandboxServer
from saleor_cdkeys.values import KeyCode

_SANDBOX_KEY = "sandbox-key"


@dataclasses.dataclass(frozen=True, slots=True)
class Seller:
    """``serve`` makes its server from a shop and options; ``product_ids`` are what it sells.

    ``code_of`` is the code that a key of its books stands for.
    """

    serve: Callable[..., FakeServer]
    config: Mapping[str, str]
    secrets: Mapping[str, str]
    product_ids: tuple[str, ...]
    code_of: Callable[[Mapping[str, Any]], KeyCode]

    def settings(self, url: str) -> dict[str, str]:
        """The account's settings, for a server at that address."""
        return {**self.config, "base_url": url}


def _code(key: Mapping[str, Any]) -> KeyCode:
    if "fields" in key:
        return KeyCode.of_fields([(name, value) for name, value in key["fields"]])
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    data = base64.b64decode(key["code"])
    return KeyCode.of_bytes(data, media_type=key["type"], filename=key["name"])


def _sandbox(shop: object, **options: object) -> FakeServer:
    return SandboxServer(shop, api_key=_SANDBOX_KEY, **options)


SELLERS: dict[str, Seller] = {
    "sandbox": Seller(
        serve=_sandbox,
        config={},
        secrets={"api_key": _SANDBOX_KEY},
        product_ids=("P1", "P2", "P3"),
        code_of=_code,
    ),
}
