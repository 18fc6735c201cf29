"""A sandbox supplier on loopback, and a key product that is bought there."""

from __future__ import annotations

from tests.purchasing.conftest import _haste, product, sandbox, supplier

__all__ = ["_haste", "product", "sandbox", "supplier"]
