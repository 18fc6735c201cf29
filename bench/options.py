"""What the person at the terminal may say."""

from __future__ import annotations

import argparse
import dataclasses

PARTS = ("allocation", "import", "hooks", "mail", "buying", "lists")

_TEXT = """
Measures how fast the plugin is, each time against a reference that is measured by turns with it in
the same run, and prints the ratios. The exit code is 0 if all targets were met, 1 if not, 2 if
it could not be measured.

PostgreSQL and Redis are started for the run, with fsync off on both sides of every ratio, unless
DATABASE_URL (a server where databases may be created: the bench makes its own and drops them) and
REDIS_URL (a database of Redis that nothing else uses) are given.
"""

_EXAMPLES = """
examples:
  ./dev bench                            everything; about seven minutes on two cores
  ./dev bench import --rows 100000
  ./dev bench allocation hooks
  ./dev bench --quick                    a tenth of the sizes, to see that it works
  ./dev bench lists --json > lists.json

what is measured, and how: docs/performance.md
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """``pool`` keys in stock, ``rows`` of a file, ``orders`` paid, ``key_orders`` in the lists;
    ``rounds``: how often ours and the reference take turns."""

    parts: tuple[str, ...]
    pool: int
    workers: int
    rows: int
    orders: int
    key_orders: int
    rounds: int
    as_json: bool


def read(arguments: list[str]) -> Options:
    """Ends the process with a message if the arguments make no sense."""
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description=_TEXT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"which parts to run: {', '.join(PARTS)} (default: all)",
    )
    sizes: dict[str, tuple[int, int, str]] = {
        "pool": (1_000_000, 1000, "allocation: keys in stock"),
        "workers": (8, 1, "allocation: processes that take keys at once"),
        "rows": (1_000_000, 1000, "import: rows of the largest file"),
        "orders": (300, 1, "mail: orders that are paid"),
        "key-orders": (1_000_000, 2000, "lists: key orders in the large table"),
        "rounds": (5, 1, "how often ours and the reference take turns"),
    }
    for name, (default, _least, text) in sizes.items():
        parser.add_argument(
            f"--{name}", type=int, metavar="N", help=f"{text} (default: {default:,})"
        )
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the sizes and three rounds"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = parser.parse_args(arguments)
    unknown = [part for part in given.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    chosen = {}
    for name, (default, least, _text) in sizes.items():
        size = getattr(given, name.replace("-", "_"))
        if size is None:
            size = default
            if given.quick and name != "workers":
                size = 3 if name == "rounds" else default // 10
        if size < least:
            parser.error(f"--{name} must be at least {least:,}")
        chosen[name.replace("-", "_")] = size
    if chosen["orders"] < chosen["rounds"]:
        parser.error("--orders must be at least --rounds")
    parts = tuple(part for part in PARTS if part in given.parts or not given.parts)
    return Options(parts=parts, as_json=given.json, **chosen)
