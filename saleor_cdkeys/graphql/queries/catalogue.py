"""Searching suppliers' catalogues."""

from __future__ import annotations

from typing import Any

import graphene
from graphql.error import GraphQLError

from saleor_cdkeys.acquisition.catalogue import search
from saleor_cdkeys.errors import CdKeysError, InvalidInput
from saleor_cdkeys.graphql.fields import PRODUCTS
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.types import CdKeyCatalogue
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, PermissionsField, allow_writer


class CatalogueQueries:
    cd_key_supplier_catalogue = PermissionsField(
        CdKeyCatalogue,
        supplier=graphene.Argument(
            graphene.ID, required=True, description="The ID of the supplier."
        ),
        search=graphene.Argument(
            graphene.String, required=True, description="What the name of the product holds."
        ),
        page=graphene.Argument(
            graphene.String, description="The `nextPage` of the page before. Default: the first."
        ),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description=(
            "Products of a supplier, and whether they are mapped. The supplier is asked, which "
            "takes some seconds."
        ),
    )

    @staticmethod
    def resolve_cd_key_supplier_catalogue(
        _root: Any, _info: Any, *, supplier: str, search: str, page: str = ""
    ) -> CdKeyCatalogue:
        # The account is read as when it is bought from.
        with allow_writer():
            return _search(own_id(supplier, "CdKeySupplier"), search, page or "")


def _search(supplier_id: int, text: str, page: str) -> CdKeyCatalogue:
    try:
        found = search(supplier_id=supplier_id, text=text, page=page)
    except InvalidInput as error:
        raise GraphQLError(str(error)) from None
    except CdKeysError as error:
        return CdKeyCatalogue(products=[], next_page="", problem=str(error))
    return CdKeyCatalogue(products=found.found, next_page=found.next_page)
