"""The price list: found by name, by id, and by what changed."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import CataloguePage, CatalogueProduct, TryLater
from saleor_cdkeys.suppliers.codeswholesale import reading
from saleor_cdkeys.suppliers.codeswholesale.pages import iso, read_page
from saleor_cdkeys.suppliers.codeswholesale.refusals import let_through
from saleor_cdkeys.suppliers.http import readable
from saleor_cdkeys.suppliers.oauth import BearerClient
from saleor_cdkeys.suppliers.rate_limit import Gate

#: Names cannot be asked for. A search reads so many pages at most, and stops at so many products.
_SEARCH_PAGES = 10
_SEARCH_RESULTS = 20
#: Products asked for at once; their ids stand in the address.
_IDS_AT_ONCE = 50
#: Of so many products, more pages than this do not come.
_MOST_PAGES = 50


class ProductList:
    """The products that the account may buy, at its prices."""

    def __init__(self, api: BearerClient, *, currency: str, gate: Gate) -> None:
        self._api = api
        self._currency = currency
        self._gate = gate

    def search(self, *, text: str, page: str) -> CataloguePage:
        """May find nothing and still have a next page: the list is read piece by piece."""
        wanted = text.strip().casefold()
        found: list[CatalogueProduct] = []
        for _number in range(_SEARCH_PAGES):
            products, page = self._page({}, page)
            found += [product for product in products if wanted in product.name.casefold()]
            if not page or len(found) >= _SEARCH_RESULTS:
                break
        return CataloguePage(tuple(found), next_page=page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        found: dict[str, CatalogueProduct] = {}
        waiting = iter(dict.fromkeys(ids))
        while some := list(itertools.islice(waiting, _IDS_AT_ONCE)):
            page = ""
            for _number in range(_MOST_PAGES):
                products, page = self._page({"productIds": ",".join(some)}, page)
                found |= {product.supplier_product_id: product for product in products}
                if not page:
                    break
            else:
                raise TryLater(_("The supplier's list does not end."))
        return {product_id: found[product_id] for product_id in ids if product_id in found}

    def changes(self, *, since: dt.datetime, page: str) -> CataloguePage:
        products, next_page = self._page({"updatedSince": iso(since)}, page)
        return CataloguePage(tuple(products), next_page=next_page)

    def _page(self, params: Mapping[str, str], page: str) -> tuple[list[CatalogueProduct], str]:
        let_through(self._gate)
        items, next_page = read_page(self._api, "/v3/products", params, page)
        products = readable(
            lambda: [reading.read_product(item, currency=self._currency) for item in items]
        )
        if products is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        return products, next_page
