"""What can be asked."""

from saleor_cdkeys.graphql.queries.alerts import AlertQueries
from saleor_cdkeys.graphql.queries.catalogue import CatalogueQueries
from saleor_cdkeys.graphql.queries.channel_settings import ChannelSettingsQueries
from saleor_cdkeys.graphql.queries.exchange_rates import ExchangeRateQueries
from saleor_cdkeys.graphql.queries.key_orders import KeyOrderQueries
from saleor_cdkeys.graphql.queries.key_products import KeyProductQueries
from saleor_cdkeys.graphql.queries.keys import KeyQueries
from saleor_cdkeys.graphql.queries.mappings import MappingQueries
from saleor_cdkeys.graphql.queries.purchase_preview import PurchasePreviewQueries
from saleor_cdkeys.graphql.queries.shop import ShopQueries
from saleor_cdkeys.graphql.queries.suppliers import SupplierQueries


class Queries(
    KeyOrderQueries,
    KeyProductQueries,
    KeyQueries,
    SupplierQueries,
    MappingQueries,
    CatalogueQueries,
    ExchangeRateQueries,
    PurchasePreviewQueries,
    ShopQueries,
    AlertQueries,
    ChannelSettingsQueries,
):
    """Fields and resolvers of Saleor's root query."""
