"""The demo from the first server to the verdict."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator

from demo import stage
from demo.display import Display
from demo.errors import DemoFailed
from demo.plan import plan
from demo.stage import Stage

#: Seconds between two looks at the processes while the shop is left open.
_PACE = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    orders: int
    seed: int
    serve: bool


def play(options: Options, *, display: Display) -> bool:
    """Whether every promise was kept. Raises DemoFailed if the shop broke down."""
    host = "Saleor" if stage.is_real_saleor() else "a stand-in for Saleor"
    display.title("saleor-cdkeys", f"demo in {host} · {options.orders} orders")
    with contextlib.ExitStack() as stack:
        with display.step("Servers") as detail:
            running = stack.enter_context(stage.set_up(seed=options.seed))
            stage.enter_django(running)
            detail.append("PostgreSQL · Redis")
        with _logs_of_failure(running, display):
            kept = _play(running, options, display=display)
            if options.serve:
                _serve(running)
    return kept


def _play(running: Stage, options: Options, *, display: Display) -> bool:
    # What names tables can be imported only now that Django is set up.
    from demo import closing, opening, outcome, trading

    started = time.monotonic()
    orders = plan(count=options.orders, seed=options.seed)
    shop = opening.open_shop(running, orders=orders, display=display)
    with display.bars() as bars:
        placed = trading.trade(orders, shop=shop, bars=bars)
    with display.step("Workers end") as detail:
        stage.stop_workers(running)
        detail.append("what they were at is finished")
    rows = outcome.count(placed, mails=running.mails.mails)
    display.outcome(
        outcome.table(rows),
        waiting=outcome.waiting(rows),
        supplier=outcome.supplier_line(running.supplier),
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
