"""How far the shop is, and time that passes quicker than it does."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Callable

from django.db import Error, connections
from django.db.models import Count, Q
from django.db.models.functions import Now

#: Seconds between two looks.
_LOOK = 2.0


@dataclasses.dataclass(slots=True)
class Progress:
    """``backlog``: key orders that are still to be worked at."""

    backlog: int = 0
    statuses: Counter[str] = dataclasses.field(default_factory=Counter)
    _looked: float = 0.0
    _passed: float = 0.0

    @property
    def state(self) -> tuple[object, ...]:
        return tuple(sorted(self.statuses.items())), self.backlog

    def survive(self, deed: Callable[[], object]) -> bool:
        """Whether it was done; not where the database is away at that moment."""
        try:
            deed()
        except Error:
            for connection in connections.all():
                connection.close()
            time.sleep(0.5)
            return False
        return True

    def look(self) -> None:
        if time.monotonic() - self._looked < _LOOK:
            return
        self._looked = time.monotonic()
        self.survive(self._count)

    def _count(self) -> None:
        from saleor_cdkeys.models import KeyOrder

        rows = KeyOrder.objects.order_by().values_list("status").annotate(Count("pk"))
        self.statuses = Counter(dict(rows))
        to_do = Q(next_run_at__isnull=False) | Q(lease_token__isnull=False)
        self.backlog = KeyOrder.objects.filter(to_do).count()

    def let_time_pass(self) -> None:
        """What was put off for minutes or hours is due now; quiet periods and leases still run."""
        if time.monotonic() - self._passed < _LOOK:
            return
        self._passed = time.monotonic()
        self.survive(_fast_forward)


def _fast_forward() -> None:
    from saleor_cdkeys.models import Delivery, KeyOrder, Purchase, Supplier

    KeyOrder.objects.filter(next_run_at__gt=Now()).update(next_run_at=Now())
    Delivery.objects.filter(next_run_at__gt=Now()).update(next_run_at=Now())
    Purchase.objects.filter(next_check_at__gt=Now()).update(next_check_at=Now())
    Supplier.objects.filter(paused_until__gt=Now()).update(paused_until=Now())


def work_off(*, rounds: int = 60) -> None:
    """Do all that is due in this process, until nothing is or so many rounds are over."""
    from saleor_cdkeys import sweeper, tasks
    from saleor_cdkeys.acquisition import tending
    from saleor_cdkeys.models import Delivery, KeyOrder
    from saleor_cdkeys.orders import runner

    for _round in range(rounds):
        _fast_forward()
        tending.tend()
        sweeper.sweep(run=lambda order_id: runner.run_order(order_id=order_id), send=tasks.deliver)
        to_do = Q(next_run_at__isnull=False) | Q(lease_token__isnull=False)
        queued = Delivery.objects.filter(next_run_at__isnull=False)
        if not KeyOrder.objects.filter(to_do).exists() and not queued.exists():
            return
        time.sleep(1)
