"""G2A's products: one by its id, all of them page by page, and those that changed."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import CataloguePage, CatalogueProduct, Refused, TryLater
from saleor_cdkeys.suppliers.g2a import reading
from saleor_cdkeys.suppliers.g2a.refusals import NO_SUCH_PRODUCT, raise_for_account, refused
from saleor_cdkeys.suppliers.http import Answer, SupplierClient, readable

#: Names cannot be asked for. A search reads so many pages at most, and stops at so many products.
_SEARCH_PAGES = 5
_SEARCH_RESULTS = 20
#: A page beyond this one may be refused: that is the end then.
_LAST_PAGE = 500
#: The zone of its times is not documented; none is further from UTC than this.
_ZONES = dt.timedelta(hours=14)
#: How a page is known: by its number, and by how many products came before it.
_PAGE = re.compile("([1-9][0-9]{0,6})-([0-9]{1,9})")


class ProductList:
    """Products and the cheapest price of each. ``currency`` is that of the prices."""

    def __init__(self, client: SupplierClient, *, currency: str) -> None:
        self._client = client
        self._currency = currency

    def product(self, product_id: str) -> CatalogueProduct | None:
        """One product, or None where there is none. Raises AccountProblem, Refused or TryLater."""
        answer = self._ask({"id": product_id})
        if reading.error_code(answer) == NO_SUCH_PRODUCT:
            return None
        docs, _total = _read_page(answer)
        if not docs:
            return None
        for doc in docs:
            found = readable(functools.partial(self._read, doc))
            if found is not None and found.supplier_product_id == product_id:
                return found
        raise TryLater(_("The supplier's answer cannot be read."))

    def search(self, *, text: str, page: str) -> CataloguePage:
        """May find nothing and still have a next page: the list is read piece by piece."""
        wanted = text.strip().casefold()
        found: list[CatalogueProduct] = []
        for _number in range(_SEARCH_PAGES):
            read = self._page({}, page)
            found += [product for product in read.products if wanted in product.name.casefold()]
            page = read.next_page
            if not page or len(found) >= _SEARCH_RESULTS:
                break
        return CataloguePage(tuple(found), next_page=page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        """One call for each: it tells one product by its id, or all."""
        try:
            found = {product_id: self.product(product_id) for product_id in ids}
        except Refused as error:
            raise _later(error) from None
        return {product_id: product for product_id, product in found.items() if product}

    def changes(self, *, since: dt.datetime, page: str) -> CataloguePage:
        """What changed since then, and before that as far as its clock may be off."""
        since = since.astimezone(dt.UTC) - _ZONES
        try:
            return self._page({"updatedAtFrom": since.strftime("%Y-%m-%d %H:%M:%S")}, page)
        except Refused as error:
            raise _later(error) from None

    def _page(self, filters: Mapping[str, str], page: str) -> CataloguePage:
        match = _PAGE.fullmatch(page or "1-0")
        if match is None:
            raise Refused(_("There is no such page."))
        number, seen = int(match[1]), int(match[2])
        answer = self._ask({**filters, "page": str(number)})
        if number > _LAST_PAGE and reading.error_code(answer):
            return CataloguePage(())
        docs, total = _read_page(answer)
        products = [readable(functools.partial(self._read, doc)) for doc in docs]
        seen += len(docs)
        is_last = not docs or (total is not None and seen >= total)
        return CataloguePage(
            tuple(product for product in products if product is not None),
            next_page="" if is_last else f"{number + 1}-{seen}",
        )

    def _ask(self, params: Mapping[str, str]) -> Answer:
        answer = self._client.read("/products", params={**params, "includeOutOfStock": "true"})
        raise_for_account(answer, busy=TryLater)
        return answer

    def _read(self, doc: Mapping[str, Any]) -> CatalogueProduct:
        return reading.read_product(doc, currency=self._currency)


def _read_page(answer: Answer) -> tuple[list[Mapping[str, Any]], int | None]:
    code = reading.error_code(answer)
    if code or not answer.is_success:
        raise refused(code or str(answer.status))
    page = readable(lambda: reading.read_page(answer.body))
    if page is None:
        raise TryLater(_("The supplier's answer cannot be read."))
    return page


def _later(error: Refused) -> Exception:
    """For callers that know no refusal. A problem of the account stays one."""
    if type(error) is not Refused:
        return error
    return TryLater(str(error), supplier_code=error.supplier_code)
