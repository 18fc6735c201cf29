"""Which key product a row's SKU means."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.options import ImportOptions
from saleor_cdkeys.acquisition.stock_import.outcomes import Outcome
from saleor_cdkeys.acquisition.stock_import.rows import Row
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.host import catalogue
from saleor_cdkeys.models import KeyProduct

# SKUs to remember. A file whose codes were taken for SKUs must not fill the memory.
_REMEMBERED = 50_000


class Products:
    """Finds the key products of rows; asks the database once for each new set of SKUs."""

    def __init__(self, options: ImportOptions) -> None:
        """Raises InvalidInput if the product for rows without a SKU is not a key product."""
        self._found: dict[str, int | Outcome] = {}
        self._default = _default_product(options)

    def assign(self, rows: Iterable[Row]) -> None:
        """Set the key product of each row, or refuse the row."""
        usable = [row for row in rows if row.outcome is None]
        self._look_up({row.sku for row in usable})
        for row in usable:
            if not row.sku and self._default is not None:
                row.key_product_id = self._default.pk
                row.sku = self._default.sku
                continue
            found = self._found[row.sku]
            if isinstance(found, Outcome):
                row.refuse(found)
            else:
                row.key_product_id = found

    def _look_up(self, skus: set[str]) -> None:
        if len(self._found) > _REMEMBERED:
            self._found.clear()
        missing = skus - self._found.keys()
        if missing:
            self._found.update(find_products(missing))


def find_products(skus: set[str]) -> dict[str, int | Outcome]:
    """The id of the key product of each SKU, or why there is none."""
    variants = catalogue.variants_by_sku(skus=skus - {""})
    by_variant = dict(
        KeyProduct.objects.filter(
            variant_id__in=[variant.id for variant in variants.values()]
        ).values_list("variant_id", "pk")
    )
    found: dict[str, int | Outcome] = {"": Outcome.MISSING_SKU}
    for sku in skus - {""}:
        variant = variants.get(sku)
        if variant is None:
            found[sku] = Outcome.UNKNOWN_SKU
        else:
            found[sku] = by_variant.get(variant.id, Outcome.NOT_A_KEY_PRODUCT)
    return found


def known_skus(texts: set[str]) -> set[str]:
    """Which of these texts are SKUs of key products."""
    return {sku for sku, found in find_products(texts).items() if isinstance(found, int)}


def _default_product(options: ImportOptions) -> KeyProduct | None:
    if options.key_product_id is not None:
        product = KeyProduct.objects.filter(pk=options.key_product_id).first()
        if product is None:
            raise InvalidInput(_("There is no such key product."), field="key_product")
        return product
    if not options.default_sku:
        return None
    found = find_products({options.default_sku})[options.default_sku]
    if isinstance(found, int):
        return KeyProduct.objects.get(pk=found)
    raise InvalidInput(
        _("%(sku)s: %(reason)s.") % {"sku": options.default_sku, "reason": found.label},
        field="sku",
    )
