"""How far the shop is, and time that passes quicker than it does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable

from django.db import Error, connections
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Now

#: Seconds between two looks.
_LOOK = 2.0
#: What is put off for longer than so many seconds is due at once.
_PATIENCE = 6.0


@dataclasses.dataclass(slots=True)
class Progress:
    """``backlog``: key orders that are still to be worked at; of some staff are told already."""

    backlog: int = 0
    told: int = 0
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
        self.survive(self.count)

    def count(self) -> None:
        """Look now."""
        from saleor_cdkeys.models import Alert, KeyOrder
        from saleor_cdkeys.statuses import KeyOrderStatus

        alerts = Alert.objects.filter(resolved_at=None)
        rows = KeyOrder.objects.order_by().values_list("status").annotate(Count("pk"))
        self.statuses = Counter(dict(rows))
        to_do = Q(next_run_at__isnull=False) | Q(lease_token__isnull=False)
        self.backlog = KeyOrder.objects.filter(to_do).count()
        parked = KeyOrder.objects.filter(
            Exists(alerts.filter(key_order_id=OuterRef("pk"))),
            ~Exists(_untold_purchases().filter(key_order_id=OuterRef("pk"))),
            status=KeyOrderStatus.WAITING,
            lease_token=None,
        )
        self.told = parked.filter(to_do).count()

    def let_time_pass(self) -> None:
        """What was put off for minutes or hours is due now; quiet periods and leases run on."""
        if time.monotonic() - self._passed < _LOOK:
            return
        self._passed = time.monotonic()
        self.survive(_fast_forward)


def _untold_purchases() -> QuerySet:
    """Purchases that are not clear yet, and that staff need not look at."""
    from saleor_cdkeys.models import Alert, Purchase
    from saleor_cdkeys.statuses import OPEN_PURCHASES

    subject = Concat(Value("purchase:"), Cast(OuterRef("pk"), CharField()))
    alerts = Alert.objects.filter(resolved_at=None, subject=subject)
    return Purchase.objects.filter(~Exists(alerts), status__in=OPEN_PURCHASES)


def _fast_forward(*, patience: float = _PATIENCE) -> None:
    from saleor_cdkeys.models import Delivery, KeyOrder, Purchase, Supplier

    far = Now() + dt.timedelta(seconds=patience)
    KeyOrder.objects.filter(next_run_at__gt=far).update(next_run_at=Now())
    Delivery.objects.filter(next_run_at__gt=far).update(next_run_at=Now())
    Purchase.objects.filter(next_check_at__gt=far).update(next_check_at=Now())
    Supplier.objects.filter(paused_until__gt=far).update(paused_until=Now())


def work_off(*, rounds: int = 60) -> None:
    """Do all that is due in this process, until only what staff are told of is left.

    Gives up after so many rounds.
    """
    from saleor_cdkeys import sweeper, tasks
    from saleor_cdkeys.acquisition import tending
    from saleor_cdkeys.models import Delivery
    from saleor_cdkeys.orders import runner

    progress = Progress()
    for _round in range(rounds):
        _fast_forward(patience=0.0)
        tending.tend()
        sweeper.sweep(run=lambda order_id: runner.run_order(order_id=order_id), send=tasks.deliver)
        progress.survive(progress.count)
        queued = Delivery.objects.filter(next_run_at__isnull=False)
        if progress.backlog == progress.told and not queued.exists():
            return
        time.sleep(0.5)
