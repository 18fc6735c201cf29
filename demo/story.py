"""The demo from the first server to the verdict."""

from __future__ import annotations

import contextlib
import dataclasses

from demo import stage
from demo.display import Display
from demo.plan import plan

#: Customers at the same time.
_CUSTOMERS = 4
#: Seconds that the last orders have to be delivered.
_PATIENCE = 75.0


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    orders: int
    seed: int
    serve: bool


def play(options: Options, *, display: Display) -> bool:
    """Whether every promise was kept. Raises ProcessDied if the shop broke down."""
    host = "Saleor" if stage.is_real_saleor() else "the stand-in for Saleor"
    display.title("saleor-cdkeys", f"demo on {host} · {options.orders} orders")
    orders = plan(count=options.orders, seed=options.seed)
    with contextlib.ExitStack() as stack:
        with display.step("Servers") as detail:
            running = stack.enter_context(stage.set_up(seed=options.seed))
            detail.append("PostgreSQL · Redis")
        from demo.opening import open_shop

        open_shop(running, orders=orders, display=display)
