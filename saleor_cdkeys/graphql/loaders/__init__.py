"""Data loaders: whatever a request asks for, each sort of row is read in one query."""

from saleor_cdkeys.graphql.loaders.key_orders import (
    AlertsByKeyOrder,
    DeliveriesByKeyOrder,
    EventsByKeyOrder,
    KeyOrderById,
    KeyOrdersByOrder,
    PurchaseById,
    PurchasesByKeyOrder,
    UnitById,
    UnitCounts,
    UnitsByKeyOrder,
)
from saleor_cdkeys.graphql.loaders.keys import (
    SEALED,
    AccessesByKey,
    BatchById,
    KeyByUnit,
    LatestLinkByDelivery,
)
from saleor_cdkeys.graphql.loaders.own_codes import OwnCodeByUnit
from saleor_cdkeys.graphql.loaders.products import (
    KeyProductById,
    KeyProductByVariant,
    MappingCounts,
    MappingPages,
    MappingsByKeyProduct,
    StockByKeyProduct,
    SupplierById,
)

__all__ = [
    "SEALED",
    "AccessesByKey",
    "AlertsByKeyOrder",
    "BatchById",
    "DeliveriesByKeyOrder",
    "EventsByKeyOrder",
    "KeyByUnit",
    "KeyOrderById",
    "KeyOrdersByOrder",
    "KeyProductById",
    "KeyProductByVariant",
    "LatestLinkByDelivery",
    "MappingCounts",
    "MappingPages",
    "MappingsByKeyProduct",
    "OwnCodeByUnit",
    "PurchaseById",
    "PurchasesByKeyOrder",
    "StockByKeyProduct",
    "SupplierById",
    "UnitById",
    "UnitCounts",
    "UnitsByKeyOrder",
]
