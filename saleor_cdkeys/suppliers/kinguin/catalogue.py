"""Products: one for a quote, and the list by name, by ids and by what changed."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import (
    CataloguePage,
    CatalogueProduct,
    NotReleased,
    OutOfStock,
    Refused,
    SupplierError,
    TryLater,
)
from saleor_cdkeys.suppliers.http import SupplierClient, readable
from saleor_cdkeys.suppliers.kinguin import reading
from saleor_cdkeys.suppliers.kinguin.reading import Product
from saleor_cdkeys.suppliers.kinguin.refusals import kind, refuse, refuse_list

#: The two forms of an id: the one of version 2 of the API, and the number of version 1.
_PRODUCT_ID = re.compile("[0-9a-fA-F]{24}")
_KINGUIN_ID = re.compile("[1-9][0-9]{0,11}")
_PAGE = re.compile("[1-9][0-9]{0,5}")

_SHORTEST_NAME = 3
_PAGE_SIZE = 100
#: Products asked for at once; their ids stand in the address.
_IDS_AT_ONCE = 50
#: What changed is asked for from so long before: clocks differ, and lists are filled with delay.
_OVERLAP = dt.timedelta(minutes=5)


class ProductList:
    """Products and their cheapest offers at this moment."""

    def __init__(self, client: SupplierClient) -> None:
        self._client = client

    def read(self, product_id: str) -> Product:
        """A product by either id. Raises OutOfStock, AccountProblem, Refused or TryLater."""
        answer = self._client.read(_path(product_id))
        if answer.status == 404 and kind(answer):
            # So it answers for what it does not know, and for what nobody offers at the moment.
            raise OutOfStock(_("The supplier offers no key of this product."))
        if not answer.is_success:
            refuse(answer)
        product = readable(lambda: reading.read_product(answer.body))
        if product is None or product_id.lower() not in product.ids:
            raise TryLater(_("The supplier's answer cannot be read."))
        if product.stock == 0:
            message = _("The supplier has no key of this product.")
            if product.is_preorder:
                raise NotReleased(message, release_date=product.release_date)
            raise OutOfStock(message)
        return product

    def search(self, *, text: str, page: str) -> CataloguePage:
        name = text.strip()
        if len(name) < _SHORTEST_NAME:
            raise Refused(_("The supplier looks for names from three letters on."))
        products, next_page = self._page({"name": name}, page, permanent=Refused)
        entries = tuple(product.entry(product.product_id) for product in products)
        return CataloguePage(entries, next_page)

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        found: dict[str, Product] = {}
        for parameter, form in (("productId", _PRODUCT_ID), ("kinguinId", _KINGUIN_ID)):
            waiting = iter({known_as.lower() for known_as in ids if _form(known_as) is form})
            while some := list(itertools.islice(waiting, _IDS_AT_ONCE)):
                products, _rest = self._page({parameter: ",".join(some)}, "", permanent=TryLater)
                found |= {known_as: product for product in products for known_as in product.ids}
        return {
            known_as: found[known_as.lower()].entry(known_as)
            for known_as in ids
            if known_as.lower() in found
        }

    def changes(self, *, since: dt.datetime, page: str) -> CataloguePage:
        """Each product under both of its ids, as nobody knows which is wanted.

        The newest first: what changes meanwhile moves to the front, and pushes what was not read
        yet back rather than past the reader.
        """
        since = since.astimezone(dt.UTC) - _OVERLAP
        params = {
            "updatedSince": since.isoformat(timespec="seconds"),
            "sortBy": "updatedAt",
            "sortType": "desc",
        }
        products, next_page = self._page(params, page, permanent=TryLater)
        entries = [product.entry(known_as) for product in products for known_as in product.ids]
        return CataloguePage(tuple(entries), next_page)

    def _page(
        self, params: Mapping[str, str], page: str, *, permanent: type[SupplierError]
    ) -> tuple[list[Product], str]:
        """The products of a page and the number of the next. One that cannot be read is left out.

        Raises AccountProblem or TryLater, and ``permanent`` for what will not pass.
        """
        if page and not _PAGE.fullmatch(page):
            raise permanent(_("There is no such page."))
        number = int(page or 1)
        answer = self._client.read(
            "/v1/products", params={**params, "page": str(number), "limit": str(_PAGE_SIZE)}
        )
        if not answer.is_success:
            refuse_list(answer, permanent)
        read = readable(lambda: reading.read_page(answer.body))
        if read is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        items, total = read
        products = [
            readable(lambda item=item: reading.read_product(item))  # type: ignore[misc]
            for item in items
        ]
        is_last = not items or number * _PAGE_SIZE >= total
        return [product for product in products if product], "" if is_last else str(number + 1)


def _form(product_id: str) -> re.Pattern[str] | None:
    return next((form for form in (_PRODUCT_ID, _KINGUIN_ID) if form.fullmatch(product_id)), None)


def _path(product_id: str) -> str:
    form = _form(product_id)
    if form is None:
        raise Refused(
            _("Kinguin names a product by its number, or by 24 characters from 0-9 and a-f.")
        )
    return f"/{'v2' if form is _PRODUCT_ID else 'v1'}/products/{product_id}"
