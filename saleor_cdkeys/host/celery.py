"""Saleor's Celery app."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from celery import current_task, signals
from django.conf import settings
from saleor.celeryconf import app
from saleor.core.db.connection import allow_writer

__all__ = ["allow_writer", "app", "has_broker", "in_worker", "when_a_worker_ends"]


def has_broker() -> bool:
    """Whether tasks leave this process. Without a broker Saleor runs them inside the caller."""
    eager = cast(bool, getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False))
    return bool(getattr(settings, "CELERY_BROKER_URL", "")) and not eager


def in_worker() -> bool:
    """Whether this is a task that a worker took from the broker, and not a plain call of one."""
    task = current_task
    return bool(task) and not (task.request.called_directly or task.request.is_eager)


def when_a_worker_ends(deed: Callable[[], object]) -> None:
    """Have it done in each process of a worker that is asked to end, before it does."""

    def do(**_told: object) -> None:
        deed()

    signals.worker_process_shutdown.connect(do, weak=False)
    signals.worker_shutdown.connect(do, weak=False)
