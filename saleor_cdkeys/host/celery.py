"""Saleor's Celery app."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from saleor.celeryconf import app
from saleor.core.db.connection import allow_writer

__all__ = ["allow_writer", "app", "has_broker"]


def has_broker() -> bool:
    """Whether tasks leave this process. Without a broker Saleor runs them inside the caller."""
    eager = cast(bool, getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False))
    return bool(getattr(settings, "CELERY_BROKER_URL", "")) and not eager
