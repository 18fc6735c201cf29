"""Searching a supplier's catalogue, for mapping what is found."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.errors import CdKeysError, InvalidInput
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.suppliers.base import Catalogue, CataloguePage, CatalogueProduct, TryLater

logger = logging.getLogger(__name__)

_MAX_TEXT = 200
_MAX_PAGE = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A product of the catalogue, and the mappings that lead to it already."""

    product: CatalogueProduct
    mappings: tuple[SupplierMapping, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class FoundPage:
    """Some products, in the supplier's order. ``next_page``: ask for the rest with it."""

    found: tuple[Found, ...]
    next_page: str


def search(*, supplier_id: int, text: str, page: str = "") -> FoundPage:
    """A page of the supplier's products whose name holds the text.

    Raises InvalidInput for an unknown supplier, one whose catalogue cannot be searched, or an
    unusable text; SupplierError where it refuses or cannot be reached, ConfigurationError where the
    account is not set up. Talks to the supplier, so no transaction may be open.
    """
    supplier = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None:
        raise InvalidInput(_("There is no such supplier."), field="supplier", code="not_found")
    if len(text) > _MAX_TEXT or len(page) > _MAX_PAGE or not f"{text}{page}".isprintable():
        raise InvalidInput(_("Search for a part of the name."), field="search")
    listed = _ask(supplier, text.strip(), page)
    return FoundPage(
        found=tuple(_with_mappings(supplier, listed.products)), next_page=listed.next_page
    )


def _ask(supplier: Supplier, text: str, page: str) -> CataloguePage:
    with open_account(supplier=supplier) as adapter:
        if not (isinstance(adapter, Catalogue) and adapter.capabilities.catalogue):
            raise InvalidInput(
                _("This supplier's catalogue cannot be searched. Enter its id of the product."),
                field="supplier",
            )
        try:
            return adapter.search(text=text, page=page)
        except CdKeysError:
            raise
        except Exception as error:
            log_failure(logger, f"The search at supplier {supplier.pk} failed", error)
            raise TryLater(
                _("The adapter failed while searching (%s).") % type(error).__name__
            ) from None


def _with_mappings(supplier: Supplier, products: Iterable[CatalogueProduct]) -> Iterable[Found]:
    products = list(products)
    mapped: dict[str, list[SupplierMapping]] = {}
    rows = SupplierMapping.objects.filter(
        supplier=supplier,
        supplier_product_id__in=[product.supplier_product_id for product in products],
    )
    for mapping in rows.order_by("pk"):
        mapped.setdefault(mapping.supplier_product_id, []).append(mapping)
    for product in products:
        yield Found(product, tuple(mapped.get(product.supplier_product_id, ())))
