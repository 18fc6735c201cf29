"""What each field adds to the cost of a query, by which Saleor refuses those that ask too much."""

from __future__ import annotations

from typing import Any

_ONE: dict[str, Any] = {"complexity": 1}
_FEW: dict[str, Any] = {"complexity": 3}
_PAGE: dict[str, Any] = {"complexity": 1, "multipliers": ["first", "last"]}
#: Suppliers are asked over the network, one after the other: a few of these are all that a request
#: may hold by Saleor's limit of 50,000.
_ASKS_SUPPLIERS: dict[str, Any] = {"complexity": 10_000}

COSTS: dict[str, dict[str, Any]] = {
    "Query": {
        "cdKeyOrder": _ONE,
        "cdKeyOrders": _PAGE,
        "cdKeyOrderPurchasePreview": _ASKS_SUPPLIERS,
        "cdKeyProduct": _ONE,
        "cdKeyProducts": _PAGE,
        "cdKey": _ONE,
        "cdKeys": _PAGE,
        "cdKeyBatch": _ONE,
        "cdKeyBatches": _PAGE,
        "cdKeySupplier": _ONE,
        "cdKeySuppliers": _PAGE,
        "cdKeySupplierAdapters": _ONE,
        "cdKeyExchangeRates": _FEW,
        "cdKeyShopPreview": _FEW,
        "cdKeyShopChanges": _PAGE,
        "cdKeySupplierMappings": _PAGE,
        "cdKeySupplierCatalogue": _FEW,
        "cdKeyAlerts": _PAGE,
        "cdKeyChannelSettings": _ONE,
    },
    "Order": {"cdKeys": _FEW},
    "ProductVariant": {"cdKeyStock": _FEW},
    "CdKeyOrder": {
        "order": _ONE,
        "channel": _ONE,
        "keyProduct": _ONE,
        "variant": _ONE,
        "user": _ONE,
        "quantityFulfilled": _ONE,
        "quantityDelivered": _ONE,
        "units": _FEW,
        "events": _FEW,
        "purchases": _FEW,
        "deliveries": _FEW,
        "alerts": _FEW,
    },
    "CdKeyUnit": {"key": _ONE, "code": _FEW},
    "CdKeyOrderEvent": {"actorName": _ONE, "user": _ONE, "app": _ONE},
    "CdKey": {
        "keyProduct": _ONE,
        "batch": _ONE,
        "purchase": _ONE,
        "keyOrder": _ONE,
        "unitNumber": _ONE,
        "accesses": _FEW,
    },
    "CdKeyProduct": {"variant": _ONE, "mappings": _FEW, "stock": _FEW},
    "CdKeySupplier": {"mappings": _PAGE, "secrets": _ONE},
    "CdKeyCatalogue": {"products": _FEW},
    "CdKeyCatalogueProduct": {"mappings": _ONE},
    "CdKeySupplierMapping": {"keyProduct": _ONE, "supplier": _ONE},
    "CdKeyPurchase": {"supplier": _ONE},
    "CdKeyPurchasePreview": {"lines": _FEW},
    "CdKeyPurchasePreviewLine": {"mapping": _ONE},
    "CdKeyShopChange": {"keyProduct": _ONE, "channel": _ONE},
    "CdKeyShopPricePreview": {"channel": _ONE},
    "CdKeyDelivery": {"expiresAt": _ONE, "revokedAt": _ONE, "actorName": _ONE},
    "CdKeyChannelSettings": {"channel": _ONE},
    "CdKeyAlert": {"keyOrder": _ONE, "channel": _ONE},
}
