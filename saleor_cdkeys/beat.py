"""The sweeper's entry in Celery beat."""

from __future__ import annotations

from django.conf import settings

from saleor_cdkeys import conf

NAME = "cdkeys-sweep"

#: Sweeps that may wait in the queue at most.
_KEPT = 10


def schedule() -> None:
    """Have beat sweep every CDKEYS_SWEEP_SECONDS, without a line in Saleor's settings.

    A sweep leaves the queue unread after some time: a broker that was away is not to be greeted by
    a thousand of them. Not at once, though: where workers lag behind, sweeps wait as everything
    does, and retries, restocks and alerts wait for them.
    """
    seconds = float(conf.get("CDKEYS_SWEEP_SECONDS"))
    entries = getattr(settings, "CELERY_BEAT_SCHEDULE", None)
    if entries is None:
        entries = settings.CELERY_BEAT_SCHEDULE = {}
    entries[NAME] = {
        "task": "saleor_cdkeys.tasks.sweep",
        "schedule": seconds,
        "options": {"expires": seconds * _KEPT},
    }
