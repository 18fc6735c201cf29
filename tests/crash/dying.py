"""Letting one worker after another die, each at another moment of the same work."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.concurrency.mail_server import MailServer
from tests.concurrency.processes import at_once, stall, stalled, until_killed
from tests.concurrency.promises import broken
from tests.crash.moments import Moment, Watch, mail_in_doubt, stands_before_the_mail_server

#: Prepares an order that is like all others, and gives it back.
Prepare = Callable[[int], Any]
#: The work with an order that a worker dies in.
Work = Callable[[Any], object]


@dataclasses.dataclass(frozen=True)
class Death:
    """The order whose worker died or stalled, and when. ``in_doubt``: its mail may come twice."""

    order: Any
    moment: Moment
    in_doubt: bool


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
        deaths.append(Death(order, moment, mail_in_doubt(moments, number)))
    return deaths


def _die(order: Any, work: Work, *, number: int, every: bool) -> None:
    def job() -> None:
        with Watch(every=every, at=number).watching():
            work(order)

    assert until_killed(job), f"The worker came through; it was to die at moment {number}."


def stall_at_each_moment(
    prepare: Prepare, work: Work, *, meanwhile: Callable[[], None]
) -> list[Death]:
    """One order and one stalled worker for each moment of the work that lasts.

    While it stalls, ``meanwhile`` is done; then the worker goes on, thinking nothing of it.
    """
    moments = rehearse(prepare, work)
    stalls = []
    for number, moment in enumerate(moments, start=1):
        order = prepare(number)

        def job(order: Any = order, number: int = number) -> None:
            with Watch(at=number, then=stall).watching():
                work(order)

        with stalled(job):
            meanwhile()
        in_doubt = mail_in_doubt(moments, number) or stands_before_the_mail_server(moments, number)
        stalls.append(Death(order, moment, in_doubt))
    return stalls


def everything_wrong(deaths: list[Death], mails: MailServer) -> dict[str, list[str]]:
    """What is wrong with which order, named by when its worker died."""
    found = {}
    for number, death in enumerate(deaths, start=1):
        wrong = broken(death.order, mails=mails, repeated_mails=int(death.in_doubt))
        if wrong:
            found[f"{number}. {death.moment.label}"] = wrong
    return found
