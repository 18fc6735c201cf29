"""The sweeper's entry in Celery beat."""

from __future__ import annotations

from django.conf import settings

from saleor_cdkeys import conf

NAME = "cdkeys-sweep"


def schedule() -> None:
    """Have beat sweep every CDKEYS_SWEEP_SECONDS, without a line in Saleor's settings.

    The entry leaves the queue unread after that time: a broker that was away is not to be greeted
    by a thousand sweeps.
    """
    seconds = float(conf.get("CDKEYS_SWEEP_SECONDS"))
    entries = getattr(settings, "CELERY_BEAT_SCHEDULE", None)
    if entries is None:
        entries = settings.CELERY_BEAT_SCHEDULE = {}
    entries[NAME] = {
        "task": "saleor_cdkeys.tasks.sweep",
        "schedule": seconds,
        "options": {"expires": seconds},
    }
