"""A supplier to rehearse with."""

from __future__ import annotations

import argparse
import ipaddress
import sqlite3
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.stopping import until_stopped
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, SandboxServer, Script, Shop
from saleor_cdkeys.suppliers.sandbox_server.faults import PASSING

_PORT = 8030
#: No secret: it opens made-up goods to this machine alone. It stands still from start to start, so
#: that the account in the shop goes on working.
_API_KEY = "sandbox"
_STOCK = 1000
_GOODS = ("P1=5.00", "P2=12.50", "P3=39.99:3")
#: How an order that meets no fault is called in a script.
_GOOD = "ok"

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
        parser.add_argument(
            "--host", default="127.0.0.1", help=_("where to listen (default: this machine alone)")
        )
        parser.add_argument(
            "--allow-remote",
            action="store_true",
            help=_("listen on an address that other machines reach; needs --api-key"),
        )
        parser.add_argument("--port", type=int, default=_PORT, help=_("default: %d") % _PORT)
        parser.add_argument("--api-key", metavar="KEY", help=_("default: %s") % _API_KEY)
        parser.add_argument(
            "--product",
            dest="products",
            action="append",
            type=_product,
            metavar="ID=PRICE[:STOCK]",
            help=_("what it sells; may be repeated (default: %s)") % ", ".join(_GOODS),
        )
        parser.add_argument("--currency", default="EUR", help=_("default: EUR"))
        parser.add_argument(
            "--balance", type=_amount, default=Decimal(1_000_000), help=_("default: 1000000")
        )
        parser.add_argument(
            "--bad",
            type=_share,
            default=0.0,
            metavar="SHARE",
            help=_("how many of the orders go wrong, from 0 to 1 (default: 0)"),
        )
        parser.add_argument(
            "--faults",
            type=_faults,
            metavar="NAME,…",
            help=_("what --bad draws from (default: what mends itself in the end)"),
        )
        parser.add_argument(
            "--script",
            type=_script,
            default=[],
            metavar="NAME,…",
            help=_("what the first orders meet, one each: %s or a fault") % _GOOD,
        )
        parser.add_argument(
            "--list-faults", action="store_true", help=_("say what can go wrong, and end")
        )
        parser.add_argument("--seed", type=int, default=0, help=_("of the lots that --bad draws"))
        parser.add_argument(
            "--hang",
            type=float,
            default=60.0,
            metavar="SECONDS",
            help=_("how long an order that times out is left without an answer (default: 60)"),
        )
        parser.add_argument(
            "--late",
            type=float,
            default=60.0,
            metavar="SECONDS",
            help=_("how long late keys take (default: 60)"),
        )
        parser.add_argument(
            "--database", metavar="FILE", help=_("keep what is sold there (default: in memory)")
        )

    def handle(self, *, list_faults: bool, **options: Any) -> None:
        if list_faults:
            for fault in Fault:
                self.stdout.write(fault)
            return
        api_key = _api_key(options["host"], options["api_key"], options["allow_remote"])
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
        what = fault or _GOOD
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
            options["products"] or [_product(text) for text in _GOODS],
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


def _api_key(host: str, given: str | None, allow_remote: bool) -> str:
    if _is_loopback(host):
        return _API_KEY if given is None else given
    if not allow_remote:
        raise CommandError(
            _(
                "%(host)s can be reached from other machines. The sandbox is for rehearsals: leave "
                "--host away, or say --allow-remote."
            )
            % {"host": host}
        )
    if not given:
        raise CommandError(_("Whoever reaches it could buy: give it an --api-key of its own."))
    return given


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(_("%(text)s is no amount of money") % {"text": text})
    return amount


def _product(text: str) -> Product:
    name, equals, rest = text.rpartition("=")
    price, _colon, stock = rest.partition(":")
    if not equals or not name or not (stock or "0").isdecimal():
        raise argparse.ArgumentTypeError(
            _("%(text)s is no product; write it as game-1=5.00 or game-1=5.00:10") % {"text": text}
        )
    return Product(id=name, price=_amount(price), stock=int(stock) if stock else _STOCK)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(
            _("%(text)s is no share; write it as 0.2") % {"text": text}
        )
    return share


def _script(text: str) -> list[Fault | None]:
    return [None if name.strip() == _GOOD else _fault(name.strip()) for name in text.split(",")]


def _faults(text: str) -> list[Fault]:
    return [_fault(name.strip()) for name in text.split(",")]


def _fault(name: str) -> Fault:
    try:
        return Fault(name)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("%(name)s is no fault; --list-faults names them all") % {"name": name}
        ) from None
