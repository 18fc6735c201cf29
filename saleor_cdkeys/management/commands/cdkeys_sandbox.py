"""A supplier to rehearse with."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.management import sandbox_options
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.stopping import until_stopped
from saleor_cdkeys.suppliers.sandbox_server import Fault, SandboxServer, Script, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import PASSING

_CONNECT = """
mutation {
  cdKeySupplierCreate(input: {
    name: "Sandbox"
    adapter: "sandbox"
    config: [{ name: "base_url", value: "%(url)s" }]
    secrets: [{ name: "api_key", value: "%(api_key)s" }]
  }) {
    cdKeySupplier { id }
    errors { field message }
  }
}
"""


class Command(CdKeysCommand):
    help = _(
        "Run the sandbox: a supplier whose keys are made up and that goes wrong as you tell it, to "
        "rehearse buying. It is asked over HTTP like a real one and runs until Ctrl-C."
    )
    examples = """
  manage.py cdkeys_sandbox
  manage.py cdkeys_sandbox --product elden-ring=31.50:20 --product hades=9.99
  manage.py cdkeys_sandbox --bad 0.2 --seed 7           a fifth of the orders goes wrong
  manage.py cdkeys_sandbox --script ok,timeout_after    the second order goes wrong
  manage.py cdkeys_sandbox --database sandbox.sqlite    remembers what it sold
"""
    # It needs neither the database nor the encryption keys.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        sandbox_options.add_to(parser)

    def handle(self, *, list_faults: bool, **options: Any) -> None:
        if list_faults:
            self.stdout.write("\n".join(Fault))
            return
        api_key = sandbox_options.api_key(
            host=options["host"], given=options["api_key"], allow_remote=options["allow_remote"]
        )
        script = _Told(
            share=options["bad"],
            seed=options["seed"],
            faults=options["faults"] or PASSING,
            tell=self._tell,
        )
        script.queue(options["script"])
        server = _server(script, api_key, options)
        with until_stopped() as stop, server:
            self._introduce(server, api_key)
            stop.wait()
        self._take_leave(server, script)

    def _introduce(self, server: SandboxServer, api_key: str) -> None:
        write = self.stdout.write
        write(self.style.SUCCESS(_("The sandbox listens on %s") % server.url))
        for product in server.shop.products.values():
            write(f"  {product.id}  {product.price} {server.shop.currency}  × {product.stock}")
        write("")
        write(_("Connect it in Saleor's GraphQL playground, signed in as staff:"))
        write(_CONNECT % {"url": server.url, "api_key": api_key})
        write(_("Then map a key product to one of its products. Ctrl-C ends it."))
        write("")
        self.stdout.flush()

    def _tell(self, product: str, fault: Fault | None) -> None:
        what = fault or sandbox_options.GOOD
        self.stdout.write(f"{timezone.localtime():%H:%M:%S}  {product}  {what}")
        self.stdout.flush()

    def _take_leave(self, server: SandboxServer, script: _Told) -> None:
        count = len(server.shop.ledger)
        self.stdout.write(
            ngettext("Sold %(count)d order.", "Sold %(count)d orders.", count) % {"count": count}
        )
        for fault, times in script.met.most_common():
            self.stdout.write(f"  {fault}: {times}")


class _Told(Script):
    """A script that tells what each order met, and counts."""

    def __init__(self, *, tell: Callable[[str, Fault | None], None], **options: Any) -> None:
        super().__init__(**options)
        self.met: Counter[Fault] = Counter()
        self._tell = tell

    def draw_order(self, product: str) -> Fault | None:
        fault = super().draw_order(product)
        if fault is not None:
            self.met[fault] += 1
        self._tell(product, fault)
        return fault


def _server(script: Script, api_key: str, options: dict[str, Any]) -> SandboxServer:
    try:
        shop = Shop(
            options["products"] or sandbox_options.DEFAULT_PRODUCTS,
            balance=options["balance"],
            currency=options["currency"].upper(),
            late_seconds=options["late"],
            database=options["database"] or ":memory:",
        )
        return SandboxServer(
            shop,
            script=script,
            host=options["host"],
            port=options["port"],
            api_key=api_key,
            hang_seconds=options["hang"],
        )
    except sqlite3.Error as error:
        raise CommandError(f"{options['database']}: {error}") from error
    except (OSError, OverflowError) as error:
        raise CommandError(
            _("Cannot listen on %(host)s, port %(port)d: %(error)s")
            % {"host": options["host"], "port": options["port"], "error": error}
        ) from error
