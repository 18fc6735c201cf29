"""The tables. No foreign key leaves this app: Saleor's rows are named by id, with a snapshot."""

from saleor_cdkeys.models.alert import Alert
from saleor_cdkeys.models.channel_settings import ChannelSettings
from saleor_cdkeys.models.delivery import Delivery, DeliveryItem, DeliveryLink
from saleor_cdkeys.models.exchange_rate import ExchangeRate
from saleor_cdkeys.models.key import Key, KeyAccess, KeyBatch
from saleor_cdkeys.models.key_order import KeyOrder, KeyOrderEvent, KeyUnit
from saleor_cdkeys.models.key_product import KeyProduct
from saleor_cdkeys.models.purchase import Purchase
from saleor_cdkeys.models.shop_change import ShopChange, ShopTurn
from saleor_cdkeys.models.supplier import Supplier, SupplierMapping

__all__ = [
    "Alert",
    "ChannelSettings",
    "Delivery",
    "DeliveryItem",
    "DeliveryLink",
    "ExchangeRate",
    "Key",
    "KeyAccess",
    "KeyBatch",
    "KeyOrder",
    "KeyOrderEvent",
    "KeyProduct",
    "KeyUnit",
    "Purchase",
    "ShopChange",
    "ShopTurn",
    "Supplier",
    "SupplierMapping",
]
