"""Whether somebody does the work: broker, workers, beat, and what has been due for too long."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys import beat, conf, heartbeat
from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.diagnosis.machine import is_cache_shared
from saleor_cdkeys.host.celery import app, has_broker
from saleor_cdkeys.models import Delivery, KeyOrder

#: Seconds that a broker may take to answer.
_PATIENCE = 5.0
#: Beat writes down what it did every three minutes, so nothing is late before this.
_LATE = dt.timedelta(minutes=10)
#: Rows that are counted; more of them are "many".
_COUNTED = 10_000


def broker() -> Iterator[Finding]:
    """The broker answers, where Saleor has one."""
    if not has_broker():
        yield fine(_("Saleor runs without a broker: `manage.py cdkeys_run` is the worker."))
        return
    error = _broker_error()
    if error:
        yield problem(
            _("The broker cannot be reached (%(error)s). Orders wait for the sweeper.")
            % {"error": error},
            _("Check CELERY_BROKER_URL, and that the server behind it runs."),
        )
    else:
        yield fine(_("The broker answers."))


def _broker_error() -> str:
    """Why it cannot be reached, or nothing. In a thread, as not every transport knows time-outs."""
    found: list[str] = []

    def ask() -> None:
        try:
            with app.connection_for_write(connect_timeout=_PATIENCE) as connection:
                connection.ensure_connection(max_retries=1, timeout=_PATIENCE)
            found.append("")
        except Exception as error:  # each transport has errors of its own
            found.append(type(error).__name__)

    thread = threading.Thread(target=ask, name="cdkeys-doctor", daemon=True)
    thread.start()
    thread.join(_PATIENCE + 1)
    return found[0] if found else _("no answer in %(seconds)d seconds") % {"seconds": _PATIENCE}


def sweeper() -> Iterator[Finding]:
    """A worker swept not long ago, which shows that workers and beat both live."""
    last = _last_sweep()
    if last is not None and not _is_late(last):
        yield fine(_("A worker swept %(time)s ago.") % {"time": _since(last)})
    elif last is not None:
        yield problem(
            _("No worker has swept for %(time)s.") % {"time": _since(last)}, _how_to_work()
        )
    elif is_cache_shared():
        yield problem(_("No worker has swept yet, or not for days."), _how_to_work())
    else:
        yield warning(
            _("Whether a worker sweeps cannot be seen here, as each process has its own cache."),
            _("Set CACHE_URL to a Redis."),
        )


def _last_sweep() -> dt.datetime | None:
    try:
        return heartbeat.last()
    except Exception:  # the cache has a check of its own
        return None


def beat_entry() -> Iterator[Finding]:
    """Beat asks for sweeps. It writes down our entry when it starts, if it keeps any in tables."""
    if not has_broker():
        return
    row = _beat_row()
    last = _last_sweep()
    if row is not None and not row.enabled:
        yield problem(
            _("The sweeper's entry in Celery beat is switched off."),
            _("Switch on the periodic task %(name)s.") % {"name": beat.NAME},
        )
    elif last is not None and not _is_late(last):
        yield fine(_("Sweeps are asked for."))
    elif row is None:
        yield warning(
            _("Celery beat does not know of the sweeper."),
            _("Start or restart beat: it takes the entry up when it starts."),
        )
    elif row.last_run_at is not None and _is_late(row.last_run_at):
        yield problem(
            _("Celery beat has not asked for a sweep for %(time)s.")
            % {"time": _since(row.last_run_at)},
            _("Start Celery beat; one of it."),
        )
    else:
        yield fine(_("Celery beat has the sweeper's entry."))


def _beat_row() -> Any:
    """Beat's row of our entry; None where it has none, or keeps its entries elsewhere."""
    if not apps.is_installed("django_celery_beat"):
        return None
    entries: Any = apps.get_app_config("django_celery_beat").get_model("PeriodicTask")
    return entries.objects.filter(name=beat.NAME).first()


def overdue() -> Iterator[Finding]:
    """Nothing that nobody works on has been due for long."""
    before = timezone.now() - _too_late()
    free = Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=before)
    found = False
    for rows, text in (
        (
            KeyOrder.objects,
            _("Key orders that are due and not worked on: %(count)s, since %(time)s."),
        ),
        (Delivery.objects, _("Messages that are due and not sent: %(count)s, since %(time)s.")),
    ):
        due = rows.filter(free, next_run_at__lte=before)
        count = due.order_by()[:_COUNTED].count()
        if count:
            found = True
            oldest = due.aggregate(oldest=Min("next_run_at"))["oldest"]
            many = f"{count:,}" if count < _COUNTED else _("many")
            yield problem(text % {"count": many, "time": _since(oldest)}, _how_to_catch_up())
    if not found:
        yield fine(_("Nothing is overdue."))


def _too_late() -> dt.timedelta:
    return max(_LATE, 10 * dt.timedelta(seconds=float(conf.get("CDKEYS_SWEEP_SECONDS"))))


def _is_late(moment: dt.datetime) -> bool:
    return timezone.now() - moment > _too_late()


def _since(moment: dt.datetime) -> str:
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    return timesince(moment, depth=1)


def _how_to_work() -> str:
    if has_broker():
        return _(
            "Start Saleor's Celery worker and beat, or restart them if they ran before the plugin "
            "was installed."
        )
    return _("Start `manage.py cdkeys_run` and keep it running.")


def _how_to_catch_up() -> str:
    if has_broker():
        return _("Start Saleor's Celery worker and beat; if they run, start more workers.")
    return _("Start `manage.py cdkeys_run`; if it runs, start another.")
