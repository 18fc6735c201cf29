"""The demo from the first server to the verdict."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator, Sequence

from demo import stage
from demo.display import Display
from demo.errors import DemoFailed
from demo.market import Market
from demo.plan import PlannedOrder, plan, purchases_needed
from demo.stage import Stage
from demo.supplier import make_suppliers

#: Seconds between two looks at the processes while the shop is left open.
_PACE = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    market: Market
    orders: int
    seed: int
    serve: bool


def play(options: Options, *, display: Display) -> bool:
    """Whether every promise was kept. Raises DemoFailed if the shop broke down."""
    host = "Saleor" if stage.is_real_saleor() else "a stand-in for Saleor"
    display.title("saleor-cdkeys", f"demo in {host} · {options.orders} orders")
    orders = plan(count=options.orders, seed=options.seed, shares=options.market.shares)
    needed = purchases_needed(orders)
    suppliers = make_suppliers(options.market, needed=needed, seed=options.seed)
    with contextlib.ExitStack() as stack:
        with display.step("Servers") as detail:
            running = stack.enter_context(stage.set_up(suppliers=suppliers))
            stage.enter_django(running)
            detail.append("PostgreSQL · Redis")
        with _logs_of_failure(running, display):
            kept = _play(running, options, orders=orders, display=display)
            if options.serve:
                _serve(running)
    return kept


def _play(
    running: Stage, options: Options, *, orders: Sequence[PlannedOrder], display: Display
) -> bool:
    # What names tables can be imported only now that Django is set up.
    from demo import closing, opening, outcome, purchases, trading

    started = time.monotonic()
    shop = opening.open_shop(running, market=options.market, orders=orders, display=display)
    with display.bars() as bars:
        placed = trading.trade(orders, shop=shop, bars=bars)
    with display.step("Workers end") as detail:
        stage.stop_workers(running)
        detail.append("what they were at is finished")
    rows = outcome.count(placed, mails=running.mails.mails)
    bought = purchases.count(running.suppliers)
    display.outcome(outcome.table(rows), waiting=outcome.waiting(rows))
    display.purchases(
        purchases.table(bought),
        purchases.choices(options.market, bought),
        purchases.faults(bought),
    )
    promises = [display.promise(doing, check) for doing, check in closing.checks(shop, placed)]
    broken = sum(not promise.is_kept for promise in promises)
    running.keep_logs = bool(broken)
    display.verdict(
        f"{broken} of {len(promises)} checks failed. Logs: {running.logs}"
        if broken
        else f"Every promise was kept. {time.monotonic() - started:.0f} s.",
        good=not broken,
    )
    pages = [mail.link for mail in running.mails.mails if mail.link]
    display.pages(pages[:1], stays_open=options.serve)
    if options.serve:
        stage.start_workers(running)
        display.endpoint(running.url, token=shop.premises.token)
    return not broken


@contextlib.contextmanager
def _logs_of_failure(running: Stage, display: Display) -> Iterator[None]:
    try:
        yield
    except DemoFailed:
        running.keep_logs = True
        display.line(f"[dim]Logs: {running.logs}[/]")
        raise


def _serve(running: Stage) -> None:
    """Keep the shop open until Ctrl-C. Raises ProcessDied."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            running.check()
            time.sleep(_PACE)
