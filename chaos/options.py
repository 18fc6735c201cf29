"""What the person at the terminal may say."""

from __future__ import annotations

import argparse
import dataclasses
import secrets

from saleor_cdkeys.suppliers.fakes.sellers import REAL, SELLERS

_TEXT = """
Pays orders whose keys are bought from fake suppliers, a third of whose answers are bad in every way
they know, while workers are killed at random, Redis is emptied, PostgreSQL crashes and one worker's
clock is a minute ahead. In the end the suppliers' own books are compared with the shop's: every key
that was charged belongs to one order or is in stock, nothing was bought twice, every order is
delivered or parked with a reason and an alert, and what was spent is what was written down.
The exit code is 0 if all of that holds, 1 if not.
"""

_EXAMPLES = """
examples:
  ./dev chaos --quick                     200 orders, to see that it works
  ./dev chaos                             10,000 orders; some twenty minutes on two cores
  ./dev chaos --seed 4711                 the same orders and troubles as in the run with that seed
  ./dev chaos --quick --without-journal   a control: purchases are not written down before the call,
                                          and the run has to fail

what it does and checks: docs/chaos.md
"""

_BAD = 1 / 3
_DEATHS = 0.05


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """``bad`` is the share of suppliers' answers that go wrong, from 0 to 1; ``deaths`` that of
    answered purchases whose worker dies before it has written anything down."""

    orders: int
    workers: int
    bad: float
    deaths: float
    seed: int
    sellers: tuple[str, ...]
    has_journal: bool
    has_trouble: bool

    @property
    def command_line(self) -> str:
        """The arguments that ask for the same again."""
        said = [f"--orders {self.orders}", f"--seed {self.seed}", f"--workers {self.workers}"]
        if self.bad != _BAD:
            said.append(f"--bad {self.bad:g}")
        if self.deaths != _DEATHS:
            said.append(f"--deaths {self.deaths:g}")
        if self.sellers != REAL:
            said.append(f"--suppliers {' '.join(self.sellers)}")
        said += ["--calm"] if not self.has_trouble else []
        said += ["--without-journal"] if not self.has_journal else []
        return " ".join(said)


def read(arguments: list[str]) -> Options:
    """Ends the process with a message if the arguments make no sense."""
    parser = argparse.ArgumentParser(
        prog="./dev chaos",
        description=_TEXT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--orders", type=_at_least(1), help="how many (default: 10000)")
    parser.add_argument("--quick", action="store_true", help="200 orders instead")
    parser.add_argument("--workers", type=_at_least(1), default=8, help="processes (default: 8)")
    parser.add_argument(
        "--bad", type=_share, default=_BAD, help="share of bad answers (default: a third)"
    )
    parser.add_argument(
        "--deaths",
        type=_share,
        default=_DEATHS,
        help="share of answered purchases that their worker does not live to write down "
        "(default: 0.05)",
    )
    parser.add_argument("--seed", type=int, help="what orders and troubles are drawn by")
    parser.add_argument(
        "--suppliers",
        nargs="+",
        choices=sorted(SELLERS),
        default=REAL,
        metavar="NAME",
        help=f"which of {', '.join(sorted(SELLERS))} (default: all but the sandbox)",
    )
    parser.add_argument(
        "--calm", action="store_true", help="bad answers alone; nothing is killed or emptied"
    )
    parser.add_argument(
        "--without-journal",
        action="store_true",
        help="the control: purchases are committed only after the call",
    )
    given = parser.parse_args(arguments)
    return Options(
        orders=given.orders or (200 if given.quick else 10_000),
        workers=given.workers,
        bad=given.bad,
        deaths=given.deaths,
        seed=secrets.randbelow(10**6) if given.seed is None else given.seed,
        sellers=tuple(given.suppliers),
        has_journal=not given.without_journal,
        has_trouble=not given.calm,
    )


def _at_least(least: int):
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}")
        return value

    return number


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return value
