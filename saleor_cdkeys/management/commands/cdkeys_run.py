"""The worker where there is no Celery, and a way to work through what is due by hand."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from saleor_cdkeys import sweeper
from saleor_cdkeys.acquisition import tending
from saleor_cdkeys.acquisition.acquire import will_ask_suppliers
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.stopping import until_stopped
from saleor_cdkeys.orders import runner
from saleor_cdkeys.side_lane import SideLane
from saleor_cdkeys.tasks import deliver

#: Rows that one look hands out, so that a stop is heeded soon.
_LIMIT = 100


def _run(order_id: uuid.UUID, lane: SideLane | None) -> bool:
    """Do what is due for an order, in the lane where its supplier is to be waited for.

    False where it waits for that already.
    """
    if lane is None:
        runner.run_order(order_id=order_id)
        return True
    if order_id in lane:
        return False
    if will_ask_suppliers(order_id=order_id):
        return lane.do(order_id, lambda: allow_writer()(runner.run_order)(order_id=order_id))
    runner.run_order(order_id=order_id)
    return True


def _tend(lane: SideLane | None) -> None:
    if lane is None:
        tending.tend()
    else:
        lane.do("tend", allow_writer()(tending.tend))


class Command(CdKeysCommand):
    help = _(
        "Obtain and deliver what is due, then wait for more. This is the worker of shops that run "
        "Saleor without Celery; any number of them may run at once."
    )
    examples = """
  manage.py cdkeys_run
  manage.py cdkeys_run --pause 10
  manage.py cdkeys_run --once               works through what is due, then stops
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help=_("stop when nothing is due any more")
        )
        parser.add_argument(
            "--pause",
            type=float,
            default=2.0,
            metavar="SECONDS",
            help=_("how long to wait before looking again when nothing is due (default: 2)"),
        )

    @allow_writer()
    def handle(self, *, once: bool, pause: float, **options: Any) -> None:
        done = 0
        with until_stopped() as stop, contextlib.ExitStack() as stack:
            # What is done once is done here, one after the other.
            lane = None if once else stack.enter_context(contextlib.closing(SideLane()))
            while not stop.is_set():
                found = sweeper.sweep(
                    run=lambda order_id: _run(order_id, lane), send=deliver, limit=_LIMIT
                )
                taken = found.orders
                _tend(lane)
                done += taken + found.deliveries
                if taken or found.deliveries:
                    self.stdout.write(
                        _("%(orders)d orders, %(messages)d messages worked on")
                        % {"orders": taken, "messages": found.deliveries}
                    )
                if not (found.lost or found.woken or taken or found.deliveries):
                    if once:
                        break
                    stop.wait(pause)
        self.stdout.write(
            self.style.SUCCESS(_("Stopped after %(done)d orders and messages.") % {"done": done})
        )
