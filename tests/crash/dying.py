"""Letting one worker after another die, each at another moment of the same work."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.concurrency.processes import at_once, until_killed
from tests.crash.moments import Moment, Watch, may_mail_twice

#: Prepares an order that is like all others, and gives it back.
Prepare = Callable[[int], Any]
#: The work with an order that a worker dies in.
Work = Callable[[Any], object]


@dataclasses.dataclass(frozen=True)
class Death:
    """The order whose worker died, and when it died."""

    order: Any
    moment: Moment
    may_mail_twice: bool


def rehearse(prepare: Prepare, work: Work, *, every: bool = False) -> list[Moment]:
    """The moments of one run that nothing happens to."""
    order = prepare(0)

    def job() -> list[Moment]:
        with Watch(every=every).watching() as watch:
            work(order)
        return watch.moments

    (ended,) = at_once(job)
    assert ended.error == "", ended
    moments: list[Moment] = ended.value
    return moments


def die_at_each_moment(prepare: Prepare, work: Work, *, every: bool = False) -> list[Death]:
    """One order and one dead worker for each moment of the work."""
    moments = rehearse(prepare, work, every=every)
    deaths = []
    for number, moment in enumerate(moments, start=1):
        order = prepare(number)
        _die(order, work, number=number, every=every)
        deaths.append(Death(order, moment, may_mail_twice(moments, number)))
    return deaths


def _die(order: Any, work: Work, *, number: int, every: bool) -> None:
    def job() -> None:
        with Watch(every=every, die_at=number).watching():
            work(order)

    assert until_killed(job), f"The worker came through; it was to die at moment {number}."
