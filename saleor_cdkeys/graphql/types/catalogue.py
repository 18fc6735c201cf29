"""What a search in a supplier's catalogue found."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.catalogue import Found
from saleor_cdkeys.host.graphql import Date, Money, NonNullList


def _of_product(field: str) -> Any:
    return lambda root, _info: getattr(root.product, field)


class CdKeyCatalogueProduct(graphene.ObjectType):
    """Made from a :class:`Found`."""

    supplier_product_id = graphene.String(
        required=True, description="The supplier's own id, to map it by."
    )
    name = graphene.String(required=True, description="What the supplier calls it.")
    platform = graphene.String(required=True, description="Where it is played, in its words.")
    region = graphene.String(required=True, description="Where it works, in its words.")
    price = graphene.Field(Money, description="What one key costs; null where it does not say.")
    available = graphene.Int(description="How many keys it has; null where it does not say.")
    blocked_countries = NonNullList(
        graphene.String,
        required=True,
        description="Where it cannot be activated (ISO 3166-1 alpha-2).",
    )
    is_preorder = graphene.Boolean(
        required=True, description="Whether keys come on the day of the release."
    )
    release_date = Date(description="The day of the release, where it is known.")
    mappings = NonNullList(
        "saleor_cdkeys.graphql.types.CdKeySupplierMapping",
        required=True,
        description="The mappings that lead to it already.",
    )

    class Meta:
        description = "A product of a supplier's catalogue."

    resolve_supplier_product_id = staticmethod(_of_product("supplier_product_id"))
    resolve_name = staticmethod(_of_product("name"))
    resolve_platform = staticmethod(_of_product("platform"))
    resolve_region = staticmethod(_of_product("region"))
    resolve_price = staticmethod(_of_product("price"))
    resolve_is_preorder = staticmethod(_of_product("is_preorder"))
    resolve_release_date = staticmethod(_of_product("release_date"))

    @staticmethod
    def resolve_available(root: Found, _info: Any) -> int | None:
        return None if root.product.available is None else min(root.product.available, _MOST)

    @staticmethod
    def resolve_blocked_countries(root: Found, _info: Any) -> list[str]:
        return sorted(root.product.blocked_countries)


#: What GraphQL calls an Int.
_MOST = 2**31 - 1


class CdKeyCatalogue(graphene.ObjectType):
    products = NonNullList(
        CdKeyCatalogueProduct,
        required=True,
        description="What was found. There may be none, and a next page all the same.",
    )
    next_page = graphene.String(
        required=True, description="Ask for the rest with this; empty at the end."
    )
    problem = graphene.String(
        description="Why the supplier did not tell, for people; null where it did."
    )

    class Meta:
        description = "A page of what a search in a supplier's catalogue found."
