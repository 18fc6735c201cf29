"""Whether key products can be filled."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from saleor_cdkeys.diagnosis.finding import Finding, fine, warning
from saleor_cdkeys.models import Key, KeyProduct, SupplierMapping
from saleor_cdkeys.statuses import KeyStatus, Source

#: Products that are named; of the others there is the number.
_NAMED = 5


def key_products() -> Iterator[Finding]:
    """Each has keys in stock or a supplier to buy them from, as its source says."""
    active = KeyProduct.objects.filter(is_active=True)
    if not active.exists():
        yield warning(_("No product is sold as keys yet."), _("Make one with cdKeyProductCreate."))
        return
    stock = Key.objects.filter(key_product=OuterRef("pk"), status=KeyStatus.AVAILABLE)
    mappings = SupplierMapping.objects.filter(
        key_product=OuterRef("pk"), is_active=True, supplier__is_active=True
    )
    empty = active.filter(~Exists(stock))
    unmapped = active.filter(~Exists(mappings))
    found = [
        *_named(
            unmapped.filter(source=Source.SUPPLIERS),
            _("Bought from suppliers alone, and mapped to none: %(products)s."),
            _("Map them with cdKeySupplierMappingCreate, or let stock fill them, too."),
        ),
        *_named(
            empty.filter(source=Source.STOCK),
            _("Out of stock: %(products)s."),
            _("Import keys: `manage.py cdkeys_import keys.csv`."),
        ),
        *_named(
            (empty & unmapped).filter(source=Source.STOCK_THEN_SUPPLIERS),
            _("Out of stock, and mapped to no supplier: %(products)s."),
            _("Import keys, or map them with cdKeySupplierMappingCreate."),
        ),
    ]
    yield from found or [fine(_("Every key product can be filled."))]


def _named(products: QuerySet[KeyProduct], text: str, remedy: str) -> Iterator[Finding]:
    named = [product.sku or str(product) for product in products.order_by("id")[:_NAMED]]
    if not named:
        return
    more = products.count() - len(named)
    names = ", ".join(named)
    if more:
        names = _("%(names)s and %(count)d more") % {"names": names, "count": more}
    yield warning(text % {"products": names}, remedy)
