"""Column types that several tables share."""

from __future__ import annotations

from typing import Any

from django.db import models


def amount(**options: Any) -> models.DecimalField[Any, Any]:
    """An amount of money; its currency stands in the column beside it."""
    return models.DecimalField(max_digits=20, decimal_places=4, **options)


def currency(**options: Any) -> models.CharField[Any, Any]:
    """An ISO 4217 code."""
    return models.CharField(max_length=3, **options)
