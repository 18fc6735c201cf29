"""The entry point of `./dev demo`."""

from __future__ import annotations

import argparse
import sys

from demo.display import Display
from demo.processes import ProcessDied
from demo.story import Options, play

_TEXT = """
Plays a small shop through, with real processes on loopback: Saleor's API, Celery workers and beat,
PostgreSQL, Redis, a mail server, and a supplier a fifth of whose answers are bad. Orders are placed
and paid through Saleor's API; then it is checked that nothing was lost, nothing happened twice and
no code leaked. The exit code is 0 if every promise was kept.
"""

_EXAMPLES = """
examples:
  ./dev demo
  ./dev demo --serve                     everything stays up, and a private page to look at
  ./dev demo --orders 1000 --seed 7
  SALEOR_ROOT=~/saleor SALEOR_PYTHON=~/saleor/.venv/bin/python \\
  DATABASE_URL=postgres://saleor:saleor@localhost/cdkeys_demo ./dev demo
                                         inside Saleor, in an empty database of its own
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev demo",
        description=_TEXT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--orders", type=int, default=300, metavar="N", help="how many orders come in (300)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="of the orders and the supplier's moods (1)",
    )
    parser.add_argument(
        "--serve", action="store_true", help="keep everything up afterwards, until Ctrl-C"
    )
    given = parser.parse_args()
    if given.orders < 1:
        parser.error("--orders must be at least 1")
    display = Display()
    try:
        options = Options(orders=given.orders, seed=given.seed, serve=given.serve)
        return 0 if play(options, display=display) else 1
    except ProcessDied as error:
        display.verdict(str(error), good=False)
        return 2
    except KeyboardInterrupt:
        display.line("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
