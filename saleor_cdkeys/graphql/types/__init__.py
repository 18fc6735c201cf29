"""The types of the API. Each refers to the others by the names they have here."""

from saleor_cdkeys.graphql.types.adapter import CdKeySupplierAdapter
from saleor_cdkeys.graphql.types.alert import CdKeyAlert, CdKeyAlertCountableConnection
from saleor_cdkeys.graphql.types.batch import CdKeyBatch, CdKeyBatchCountableConnection
from saleor_cdkeys.graphql.types.catalogue import CdKeyCatalogue
from saleor_cdkeys.graphql.types.channel_settings import CdKeyChannelSettings
from saleor_cdkeys.graphql.types.code import CdKeyCode, CdKeyCodeField
from saleor_cdkeys.graphql.types.delivery import CdKeyDelivery
from saleor_cdkeys.graphql.types.event import CdKeyOrderEvent
from saleor_cdkeys.graphql.types.exchange_rate import CdKeyExchangeRate
from saleor_cdkeys.graphql.types.key import CdKey, CdKeyAccess, CdKeyCountableConnection
from saleor_cdkeys.graphql.types.key_order import CdKeyOrder, CdKeyOrderCountableConnection
from saleor_cdkeys.graphql.types.key_product import (
    CdKeyProduct,
    CdKeyProductCountableConnection,
    CdKeyStock,
)
from saleor_cdkeys.graphql.types.mapping import (
    CdKeySupplierMapping,
    CdKeySupplierMappingCountableConnection,
)
from saleor_cdkeys.graphql.types.price_rule import CdKeyPriceRule
from saleor_cdkeys.graphql.types.purchase import CdKeyPurchase
from saleor_cdkeys.graphql.types.purchase_preview import CdKeyPurchasePreview
from saleor_cdkeys.graphql.types.shop_change import (
    CdKeyShopChange,
    CdKeyShopChangeCountableConnection,
)
from saleor_cdkeys.graphql.types.shop_preview import CdKeyShopPreview
from saleor_cdkeys.graphql.types.supplier import CdKeySupplier, CdKeySupplierCountableConnection
from saleor_cdkeys.graphql.types.unit import CdKeyUnit

__all__ = [
    "CdKey",
    "CdKeyAccess",
    "CdKeyAlert",
    "CdKeyAlertCountableConnection",
    "CdKeyBatch",
    "CdKeyBatchCountableConnection",
    "CdKeyCatalogue",
    "CdKeyChannelSettings",
    "CdKeyCode",
    "CdKeyCodeField",
    "CdKeyCountableConnection",
    "CdKeyDelivery",
    "CdKeyExchangeRate",
    "CdKeyOrder",
    "CdKeyOrderCountableConnection",
    "CdKeyOrderEvent",
    "CdKeyPriceRule",
    "CdKeyProduct",
    "CdKeyProductCountableConnection",
    "CdKeyPurchase",
    "CdKeyPurchasePreview",
    "CdKeyShopChange",
    "CdKeyShopChangeCountableConnection",
    "CdKeyShopPreview",
    "CdKeyStock",
    "CdKeySupplier",
    "CdKeySupplierAdapter",
    "CdKeySupplierCountableConnection",
    "CdKeySupplierMapping",
    "CdKeySupplierMappingCountableConnection",
    "CdKeyUnit",
]
