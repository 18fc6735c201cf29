"""Saying which product variants are sold as keys, and how."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.amounts import problem_of_amount, problem_of_currency
from saleor_cdkeys.acquisition.resume import resume_unreleased, resume_waiting
from saleor_cdkeys.acquisition.shop.rule import Pricing, problem_of
from saleor_cdkeys.errors import InvalidInput, InvalidValues
from saleor_cdkeys.host import catalogue
from saleor_cdkeys.models import KeyProduct
from saleor_cdkeys.statuses import DeliveryMode, Source, SupplierChoice
from saleor_cdkeys.values import Money

_PLAIN = (
    "is_active",
    "source",
    "supplier_choice",
    "delivery_mode",
    "min_margin_percent",
    "min_margin_amount",
    "follows_stock",
    "allow_preorder",
    "release_at",
)
_CHOICES = {
    "source": Source.values,
    "supplier_choice": SupplierChoice.values,
    "delivery_mode": DeliveryMode.values,
}
_MAX_INSTRUCTIONS = 10_000


def create(*, variant_id: int, values: Mapping[str, Any]) -> KeyProduct:
    """Sell a variant as keys from now on.

    ``values`` may hold ``is_active``, ``source``, ``supplier_choice``, ``delivery_mode``,
    ``max_unit_cost`` (Money or None), ``min_margin_percent``, ``min_margin_amount``,
    ``instructions``, ``follows_stock``, ``price_rule`` (Pricing or None), ``allow_preorder`` and
    ``release_at`` (an aware moment, or None); the rest is as the model says. Raises InvalidInput
    (field ``variant``) for a variant that Saleor does not have or that is a key product already,
    InvalidValues for what cannot be used.
    """
    product = KeyProduct(variant_id=variant_id)
    _take_names(product)
    if not product.name:
        raise InvalidInput(
            _("There is no such product variant."), field="variant", code="not_found"
        )
    _take(product, values)
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError:
        raise InvalidInput(
            _("This variant is sold as keys already."), field="variant", code="unique"
        ) from None
    return product


def update(*, key_product_id: int, values: Mapping[str, Any]) -> KeyProduct:
    """Change what ``values`` holds (as in create) and read the variant's name and SKU anew.

    Orders that waited because of the old settings are looked at again. Raises InvalidInput for an
    unknown key product, InvalidValues.
    """
    with transaction.atomic():
        # Not a full lock: that would stop keys and orders of the product from being written.
        products = KeyProduct.objects.select_for_update(no_key=True)
        product = products.filter(pk=key_product_id).first()
        if product is None:
            raise unknown()
        release_at = product.release_at
        _take_names(product)
        _take(product, values)
        product.save()
        resume_waiting(key_product_id=key_product_id)
        if product.release_at != release_at:
            resume_unreleased(key_product_id=key_product_id)
    return product


def delete(*, key_product_id: int) -> KeyProduct:
    """Take a key product away that was never used. Its mappings go with it.

    Raises InvalidInput for one that has keys or orders: those stay, so it can only be switched off.
    """
    with transaction.atomic():
        product = KeyProduct.objects.select_for_update().filter(pk=key_product_id).first()
        if product is None:
            raise unknown()
        try:
            KeyProduct.objects.filter(pk=key_product_id).delete()
        except ProtectedError:
            raise InvalidInput(
                _("Keys or orders belong to this key product. Switch it off instead."),
                field="id",
                code="in_use",
            ) from None
    return product


def unknown() -> InvalidInput:
    """The error for a key product that does not exist."""
    return InvalidInput(_("There is no such key product."), field="id", code="not_found")


def _take_names(product: KeyProduct) -> None:
    variant = catalogue.variants_by_id(ids=[product.variant_id]).get(product.variant_id)
    if variant is not None:
        product.name = variant.name or variant.sku or str(variant.id)
        product.sku = variant.sku


def _take(product: KeyProduct, values: Mapping[str, Any]) -> None:
    problems = _problems(values)
    if problems:
        raise InvalidValues(problems)
    for field in _PLAIN:
        if field in values:
            setattr(product, field, values[field])
    if "instructions" in values:
        product.instructions = (values["instructions"] or "").strip()
    if "max_unit_cost" in values:
        cost: Money | None = values["max_unit_cost"]
        product.max_unit_cost_amount = cost.amount if cost else None
        product.max_unit_cost_currency = cost.currency if cost else ""
    if "price_rule" in values:
        _take_pricing(product, values["price_rule"] or Pricing())
    if product.follows_stock and product.source == Source.MANUAL:
        raise InvalidValues(
            {"follows_stock": _("Keys that staff type are not counted, so no stock can follow.")}
        )


def _take_pricing(product: KeyProduct, pricing: Pricing) -> None:
    product.price_rule = pricing.rule
    product.price_value = pricing.value
    product.price_currency = pricing.currency
    product.price_ending = pricing.ending
    product.price_floor_amount = pricing.floor
    product.price_ceiling_amount = pricing.ceiling


def _problems(values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for name, choices in _CHOICES.items():
        if name in values and values[name] not in choices:
            found[name] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}
    for field in ("is_active", "follows_stock", "allow_preorder"):
        if not isinstance(values.get(field, True), bool):
            found[field] = _("Say yes or no.")
    pricing: Pricing | None = values.get("price_rule")
    if pricing is not None:
        found["price_rule"] = problem_of(pricing)
    cost: Money | None = values.get("max_unit_cost")
    if cost is not None:
        found["max_unit_cost"] = problem_of_amount(cost.amount) or problem_of_currency(
            cost.currency
        )
    margin: Decimal | None = values.get("min_margin_amount")
    if margin is not None:
        found["min_margin_amount"] = problem_of_amount(margin)
    found["min_margin_percent"] = _problem_of_percent(values.get("min_margin_percent"))
    if len(values.get("instructions") or "") > _MAX_INSTRUCTIONS:
        found["instructions"] = _("Write at most %(limit)d characters.") % {
            "limit": _MAX_INSTRUCTIONS
        }
    return {field: problem for field, problem in found.items() if problem}


def _problem_of_percent(percent: Decimal | None) -> str | None:
    if percent is None or (0 <= percent < 100 and percent == round(percent, 2)):
        return None
    return _("Enter a percentage from 0 to 99.99.")
