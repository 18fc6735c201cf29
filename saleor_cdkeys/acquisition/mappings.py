"""Saying which supplier products can fill a key product, and in which order they are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition import products
from saleor_cdkeys.acquisition.countries import checked_countries
from saleor_cdkeys.acquisition.freshness import told
from saleor_cdkeys.acquisition.freshness.alerting import tell_flags
from saleor_cdkeys.acquisition.resume import resume_waiting
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.converting import Rates
from saleor_cdkeys.models import KeyProduct, Supplier, SupplierMapping
from saleor_cdkeys.statuses import MappingFlag

_MAX_ID = 255


def create(
    *,
    key_product_id: int,
    supplier_id: int,
    supplier_product_id: str,
    is_active: bool = True,
    countries: Sequence[str] = (),
) -> SupplierMapping:
    """Add a mapping after those that the key product has.

    ``countries``: for whose customers it is (ISO 3166-1 alpha-2); none for everywhere. Orders that
    waited for one are looked at again. Raises InvalidInput for an unknown key product or supplier,
    an unusable id, codes of no country, or a mapping that exists.
    """
    text = _checked_id(supplier_product_id)
    allowed = checked_countries(countries)
    with transaction.atomic():
        _lock_product(key_product_id, field="key_product")
        if not Supplier.objects.filter(pk=supplier_id).exists():
            raise InvalidInput(_("There is no such supplier."), field="supplier", code="not_found")
        last = SupplierMapping.objects.filter(key_product_id=key_product_id).order_by("-position")
        position = last.values_list("position", flat=True).first()
        mapping = SupplierMapping(
            key_product_id=key_product_id,
            supplier_id=supplier_id,
            supplier_product_id=text,
            position=0 if position is None else position + 1,
            is_active=is_active,
            countries=allowed,
        )
        _save(mapping)
        resume_waiting(key_product_id=key_product_id)
    return mapping


def update(*, mapping_id: int, values: Mapping[str, Any]) -> SupplierMapping:
    """Change ``supplier_product_id``, ``is_active`` or ``countries``.

    Raises InvalidInput as create does.
    """
    with transaction.atomic():
        mapping = _lock(mapping_id)
        was_flagged = mapping.flag
        now = timezone.now()
        if "supplier_product_id" in values:
            theirs = _checked_id(values["supplier_product_id"])
            if theirs != mapping.supplier_product_id:
                mapping.supplier_product_id = theirs
                told.forget(mapping, now=now)
        if "is_active" in values:
            mapping.is_active = bool(values["is_active"])
            mapping.refresh_at = now
        if "countries" in values:
            mapping.countries = checked_countries(values["countries"])
        _save(mapping)
        resume_waiting(key_product_id=mapping.key_product_id)
        if was_flagged:
            tell_flags(supplier_id=mapping.supplier_id)
    return mapping


def accept(*, mapping_id: int) -> SupplierMapping:
    """Staff are content with the region and the pre-order as they are: flag it for those no more.

    Raises InvalidInput for an unknown mapping. A product that vanished, or costs more than the
    guard, stays flagged.
    """
    with transaction.atomic():
        mapping = _lock(mapping_id)
        if mapping.seen_at is not None:
            mapping.agreed = told.as_it_is(mapping)
            if mapping.flag != MappingFlag.VANISHED:
                flag = told.flag_of(mapping, rates=Rates.read())
                told.put_flag(mapping, flag, now=timezone.now())
            mapping.save()
            tell_flags(supplier_id=mapping.supplier_id)
    return mapping


def delete(*, mapping_id: int) -> SupplierMapping:
    """Take a mapping away; what was bought by it keeps its record. Raises InvalidInput."""
    with transaction.atomic():
        mapping = _lock(mapping_id)
        SupplierMapping.objects.filter(pk=mapping_id).delete()
        if mapping.flag:
            tell_flags(supplier_id=mapping.supplier_id)
    return mapping


def reorder(*, key_product_id: int, mapping_ids: Sequence[int]) -> KeyProduct:
    """Try the mappings of a key product in this order from now on.

    Raises InvalidInput unless each of its mappings is named exactly once.
    """
    with transaction.atomic():
        product = _lock_product(key_product_id, field="key_product")
        # Locked in the order in which refreshing them does it, so that the two cannot deadlock.
        locked = SupplierMapping.objects.select_for_update(no_key=True).order_by("pk")
        rows = {row.pk: row for row in locked.filter(key_product=product)}
        if sorted(mapping_ids) != sorted(rows):
            raise InvalidInput(
                _("Name each mapping of the key product exactly once."), field="mappings"
            )
        for position, pk in enumerate(mapping_ids):
            rows[pk].position = position
        SupplierMapping.objects.bulk_update(rows.values(), ["position"])
    return product


def _lock_product(key_product_id: int, *, field: str) -> KeyProduct:
    """The key product, locked: positions of its mappings are given out one at a time."""
    rows = KeyProduct.objects.select_for_update(no_key=True)
    product = rows.filter(pk=key_product_id).first()
    if product is None:
        raise InvalidInput(str(products.unknown()), field=field, code="not_found")
    return product


def _lock(mapping_id: int) -> SupplierMapping:
    mapping = SupplierMapping.objects.select_for_update().filter(pk=mapping_id).first()
    if mapping is None:
        raise InvalidInput(_("There is no such mapping."), field="id", code="not_found")
    return mapping


def _checked_id(text: str | None) -> str:
    text = (text or "").strip()
    if not text:
        raise InvalidInput(
            _("Enter the supplier's id of the product."),
            field="supplier_product_id",
            code="required",
        )
    if len(text) > _MAX_ID or not text.isprintable():
        raise InvalidInput(
            _("The supplier's id of the product is too long or holds odd characters."),
            field="supplier_product_id",
        )
    return text


def _save(mapping: SupplierMapping) -> None:
    try:
        with transaction.atomic():
            mapping.save()
    except IntegrityError:
        raise InvalidInput(
            _("This product of the supplier is mapped already."),
            field="supplier_product_id",
            code="unique",
        ) from None
