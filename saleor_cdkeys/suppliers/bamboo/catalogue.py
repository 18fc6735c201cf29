"""The catalogue: one product, a search by brand, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.bamboo.api import Api, Call
from saleor_cdkeys.suppliers.bamboo.reading import Article, Page, Product, read_catalogue
from saleor_cdkeys.suppliers.bamboo.refusals import refuse
from saleor_cdkeys.suppliers.base import CataloguePage, CatalogueProduct, Refused, TryLater
from saleor_cdkeys.suppliers.http import readable

#: Brands on a page, which is also what Bamboo gives by itself.
_PAGE_SIZE = 100
#: For more products than this, the whole catalogue is read rather than each of them.
_ONE_BY_ONE = 5
#: No catalogue has more pages.
_MOST_PAGES = 200


class Catalog:
    """The products that the account may buy."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def product(self, product_id: str, *, currency: str = "") -> Product:
        """One product, priced in a currency where one is given. Raises Refused and TryLater."""
        page = self._read({"ProductId": product_id, **_priced_in(currency)})
        for product in page.products:
            if product.id == product_id:
                return product
        if not page.is_whole:
            raise TryLater(_("The supplier's answer cannot be read."))
        raise Refused(_("The product is not in the supplier's catalogue."))

    def search(self, *, text: str, page: str, currency: str) -> CataloguePage:
        wanted = {"Name": text.strip()} if text.strip() else {}
        return self._page({**wanted, **_priced_in(currency)}, page)

    def changes(self, *, since: dt.datetime, page: str, currency: str) -> CataloguePage:
        """Bamboo knows days alone, and not in which time zone, so from the day before on."""
        day = since.astimezone(dt.UTC).date() - dt.timedelta(days=1)
        return self._page({"ModifiedDate": day.isoformat(), **_priced_in(currency)}, page)

    def products(self, *, ids: Sequence[str], currency: str) -> Mapping[str, CatalogueProduct]:
        articles = {text: article for text in ids if (article := Article.read(text)) is not None}
        wanted = {article.product_id for article in articles.values()}
        known = {product.id: product for product in self._some(wanted, currency)}
        return {
            text: known[article.product_id].listed(as_id=text, face_value=article.face_value)
            for text, article in articles.items()
            if article.product_id in known
        }

    def _some(self, ids: set[str], currency: str) -> Iterable[Product]:
        if len(ids) <= _ONE_BY_ONE:
            for product_id in sorted(ids):
                params = {"ProductId": product_id, **_priced_in(currency)}
                yield from self._read(params).products
            return
        missing = set(ids)
        for number in range(_MOST_PAGES):
            products, is_last = self._numbered(_priced_in(currency), number)
            yield from products
            missing -= {product.id for product in products}
            if is_last or not missing:
                return
        raise TryLater(_("The supplier's list does not end."))

    def _page(self, params: Mapping[str, str], page: str) -> CataloguePage:
        number = int(page) if page.isdecimal() else 0
        products, is_last = self._numbered(params, number)
        return CataloguePage(
            tuple(product.listed() for product in products),
            next_page="" if is_last else str(number + 1),
        )

    def _numbered(self, params: Mapping[str, str], number: int) -> tuple[Sequence[Product], bool]:
        """The products of a page, counted from 0, and whether it is the last."""
        paging = {"PageIndex": str(number), "PageSize": str(_PAGE_SIZE)}
        page = self._read({**params, **paging})
        is_last = page.brands == 0 or (
            page.brands < _PAGE_SIZE
            if page.all_brands is None
            else (number + 1) * _PAGE_SIZE >= page.all_brands
        )
        return page.products, is_last

    def _read(self, params: Mapping[str, str]) -> Page:
        answer = self._api.read(Call.CATALOG, params=params)
        if not answer.is_success:
            refuse(answer)
        page = readable(lambda: read_catalogue(answer.body))
        if page is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        return page


def _priced_in(currency: str) -> dict[str, str]:
    return {"TargetCurrency": currency} if currency else {}
