"""The worker where there is no Celery, and a way to work through what is due by hand."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy as _

from saleor_cdkeys import sweeper
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.orders import runner
from saleor_cdkeys.tasks import deliver


class Command(BaseCommand):
    help = str(
        _(
            "Obtain and deliver what is due, then wait for more. This is the worker of shops that "
            "run Saleor without Celery; any number of them may run at once."
        )
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, epilog="example: manage.py cdkeys_run --once", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Stop when nothing is due any more."
        )
        parser.add_argument(
            "--pause",
            type=float,
            default=2.0,
            metavar="SECONDS",
            help="Seconds to wait before looking again when nothing is due (default: 2).",
        )

    @allow_writer()
    def handle(self, *, once: bool, pause: float, **options: Any) -> None:
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_args: stop.set())
        done = 0
        while not stop.is_set():
            found = sweeper.sweep(
                run=lambda order_id: runner.run_order(order_id=order_id),
                send=deliver,
                limit=100,
            )
            done += found.orders + found.deliveries
            if found.orders or found.deliveries:
                self.stdout.write(f"{found.orders} orders, {found.deliveries} messages worked on")
            if not found.found_work:
                if once:
                    break
                stop.wait(pause)
        self.stdout.write(self.style.SUCCESS(f"Stopped after {done} orders and messages."))
