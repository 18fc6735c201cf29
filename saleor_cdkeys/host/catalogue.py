"""Saleor's product variants, by id and by SKU."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from saleor.product.models import ProductVariant

_CHUNK = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class VariantInfo:
    """A product variant. ``name`` is what people call it: product and variant together."""

    id: int
    sku: str
    product_name: str
    variant_name: str

    @property
    def name(self) -> str:
        parts = (self.product_name, self.variant_name)
        return " · ".join(part for part in parts if part)


def variants_by_id(*, ids: Iterable[int]) -> dict[int, VariantInfo]:
    """The variants that exist, by id; a query for each thousand."""
    return {info.id: info for info in _read("pk", ids)}


def variants_by_sku(*, skus: Iterable[str]) -> dict[str, VariantInfo]:
    """The variants that exist, by SKU; a query for each thousand."""
    return {info.sku: info for info in _read("sku", skus)}


def _read(column: str, values: Iterable[Any]) -> list[VariantInfo]:
    wanted = list(dict.fromkeys(values))
    found: list[VariantInfo] = []
    for start in range(0, len(wanted), _CHUNK):
        rows = ProductVariant.objects.filter(
            **{f"{column}__in": wanted[start : start + _CHUNK]}
        ).values_list("pk", "sku", "product__name", "name")
        found += [
            VariantInfo(id=pk, sku=sku or "", product_name=product, variant_name=name)
            for pk, sku, product, name in rows
        ]
    return found
