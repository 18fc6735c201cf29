"""What can be said to `cdkeys_sandbox`, and what it means."""

from __future__ import annotations

import argparse
import ipaddress
from decimal import Decimal, InvalidOperation

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.sandbox_server import Fault, Product

_PORT = 8030
#: No secret: it opens made-up goods to this machine alone. It stands still from start to start, so
#: that the account in the shop goes on working.
_API_KEY = "sandbox"
_STOCK = 1000
_GOODS = ("P1=5.00", "P2=12.50", "P3=39.99:3")
#: How an order that meets no fault is called in a script.
GOOD = "ok"


def add_to(parser: CommandParser) -> None:
    """Add the options; what they are given comes out as values that the sandbox takes."""
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
        help=_("what the first orders meet, one each: %s or a fault") % GOOD,
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


def api_key(*, host: str, given: str | None, allow_remote: bool) -> str:
    """The key to ask for. Raises CommandError where strangers could reach the sandbox unasked."""
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
    return [None if name.strip() == GOOD else _fault(name.strip()) for name in text.split(",")]


def _faults(text: str) -> list[Fault]:
    return [_fault(name.strip()) for name in text.split(",")]


def _fault(name: str) -> Fault:
    try:
        return Fault(name)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("%(name)s is no fault; --list-faults names them all") % {"name": name}
        ) from None


DEFAULT_PRODUCTS = [_product(text) for text in _GOODS]
