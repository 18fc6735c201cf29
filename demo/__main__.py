"""The entry point of `./dev demo`."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import NoReturn

from demo.display import Display
from demo.errors import DemoFailed
from demo.market import FOUR_SUPPLIERS, SANDBOX
from demo.story import Options, play

_TEXT = """
Plays a small shop through, with real processes on loopback: Saleor's API, Celery workers and beat,
PostgreSQL, Redis, a mail server, and a supplier a fifth of whose answers are bad. Staff set the
shop up over GraphQL and import keys; orders of ten kinds are placed, paid and cancelled through
Saleor's API. Then it is checked that nothing was lost, given away or done twice, that every
customer sees the keys that were sold to him and nobody else's, and that no code leaked into tables,
logs, messages or mails.

The exit code is 0 if every promise was kept, 1 if one was broken, 2 if the shop broke down.
"""

_EXAMPLES = """
examples:
  ./dev demo
  ./dev demo --suppliers                 buys at Kinguin, CodesWholesale, G2A and Bamboo, played
                                         by servers that speak their protocols
  ./dev demo --serve                     everything stays up, with a private page to look at
  ./dev demo --orders 1000 --seed 7
  SALEOR_ROOT=~/saleor SALEOR_PYTHON=~/saleor/.venv/bin/python \\
  DATABASE_URL=postgres://saleor:saleor@localhost/cdkeys_demo ./dev demo
                                         inside Saleor, in an empty database of its own
"""


#: Ctrl-C, a polite kill, and the terminal closed.
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    given = _parser().parse_args()
    for number in _ENDINGS:
        signal.signal(number, _end)
    display = Display()
    try:
        market = FOUR_SUPPLIERS if given.suppliers else SANDBOX
        options = Options(
            market=market,
            orders=given.orders or market.orders,
            seed=given.seed,
            serve=given.serve,
        )
        return 0 if play(options, display=display) else 1
    except DemoFailed as error:
        display.verdict(str(error), good=False)
        return 2
    except KeyboardInterrupt:
        display.line("\nStopped.")
        return 130


def _end(_number: int, _frame: object) -> NoReturn:
    """Once: what follows is tidying up, which takes some seconds and must not be cut short."""
    for number in _ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev demo",
        description=_TEXT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--suppliers",
        action="store_true",
        help="buy at Kinguin, CodesWholesale, G2A and Bamboo rather than at the sandbox",
    )
    parser.add_argument(
        "--orders",
        type=_count,
        metavar="N",
        help=f"how many orders come in ({SANDBOX.orders}; with --suppliers "
        f"{FOUR_SUPPLIERS.orders})",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="of the orders and the suppliers' moods (1)",
    )
    parser.add_argument(
        "--serve", action="store_true", help="keep everything up afterwards, until Ctrl-C"
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
