"""The mutations as clients write them."""

from __future__ import annotations

_ERRORS = "errors { field message code }"


def _mutation(name: str, arguments: dict[str, str], payload: str) -> str:
    declared = ", ".join(f"${argument}: {kind}" for argument, kind in arguments.items())
    passed = ", ".join(f"{argument}: ${argument}" for argument in arguments)
    return f"mutation({declared}) {{ {name}({passed}) {{ {payload} {_ERRORS} }} }}"


_PRODUCT = """cdKeyProduct {
    id name sku isActive source supplierChoice deliveryMode maxUnitCost { amount currency }
    minMarginPercent minMarginAmount instructions mappings { id supplierProductId position }
}"""
_SUPPLIER = """cdKeySupplier {
    id name adapter isActive lowBalanceAmount config { name value } secrets { name isSet }
}"""
_MAPPING = """cdKeySupplierMapping {
    id keyProduct { id } supplier { id } supplierProductId position isActive countries
}"""
_RATES = "cdKeyExchangeRates { base currency rate date source isTooOld }"
_ORDER = (
    "cdKeyOrder { id status reason detail units { number status key { id hint kind status } } }"
)
_BATCH = "cdKeyBatch { id name status rowCount createdCount duplicateCount rejectedCount }"

PRODUCT_CREATE = _mutation("cdKeyProductCreate", {"input": "CdKeyProductCreateInput!"}, _PRODUCT)
PRODUCT_UPDATE = _mutation(
    "cdKeyProductUpdate", {"id": "ID!", "input": "CdKeyProductInput!"}, _PRODUCT
)
PRODUCT_DELETE = _mutation("cdKeyProductDelete", {"id": "ID!"}, "cdKeyProduct { id }")
SUPPLIER_CREATE = _mutation(
    "cdKeySupplierCreate", {"input": "CdKeySupplierCreateInput!"}, _SUPPLIER
)
SUPPLIER_UPDATE = _mutation(
    "cdKeySupplierUpdate", {"id": "ID!", "input": "CdKeySupplierInput!"}, _SUPPLIER
)
SUPPLIER_DELETE = _mutation("cdKeySupplierDelete", {"id": "ID!"}, "cdKeySupplier { id name }")
SUPPLIER_TEST = _mutation(
    "cdKeySupplierTest",
    {"id": "ID!"},
    "cdKeySupplier { id } isWorking message balance { amount currency }",
)
SUPPLIER_RESUME = _mutation(
    "cdKeySupplierResume",
    {"id": "ID!"},
    "cdKeySupplier { id pauseReason pauseMessage pausedUntil }",
)
RATES_SET = _mutation("cdKeyExchangeRatesSet", {"input": "CdKeyExchangeRatesSetInput!"}, _RATES)
RATES_IMPORT = _mutation(
    "cdKeyExchangeRatesImport", {"input": "CdKeyExchangeRatesImportInput!"}, f"count {_RATES}"
)
MAPPING_CREATE = _mutation(
    "cdKeySupplierMappingCreate", {"input": "CdKeySupplierMappingCreateInput!"}, _MAPPING
)
MAPPING_UPDATE = _mutation(
    "cdKeySupplierMappingUpdate", {"id": "ID!", "input": "CdKeySupplierMappingInput!"}, _MAPPING
)
MAPPING_DELETE = _mutation(
    "cdKeySupplierMappingDelete", {"id": "ID!"}, "cdKeySupplierMapping { id }"
)
MAPPING_ACCEPT = _mutation(
    "cdKeySupplierMappingAccept", {"id": "ID!"}, "cdKeySupplierMapping { id flag }"
)
MAPPING_IMPORT = _mutation(
    "cdKeySupplierMappingImport",
    {"file": "Upload!", "preview": "Boolean"},
    """counts { outcome message count }
    rows { line product supplier supplierProductId outcome message }""",
)
MAPPING_REORDER = _mutation(
    "cdKeySupplierMappingReorder", {"keyProduct": "ID!", "mappings": "[ID!]!"}, _PRODUCT
)
IMPORT = _mutation(
    "cdKeyImport",
    {"input": "CdKeyImportInput!"},
    _BATCH
    + """
    preview {
        encoding delimiter otherSheets columns { role number }
        products { keyProduct { sku } newCount } samples { line outcome message hint }
    }
    counts { outcome message count } rows { line outcome message hint }""",
)
IMPORT_UNDO = _mutation("cdKeyImportUndo", {"id": "ID!"}, _BATCH + " removedCount keptCount")
FULFILL = _mutation("cdKeyOrderFulfill", {"id": "ID!"}, _ORDER)
HOLD = _mutation("cdKeyOrderHold", {"id": "ID!", "note": "String"}, _ORDER)
ENTER_KEYS = _mutation(
    "cdKeyOrderEnterKeys", {"id": "ID!", "input": "CdKeyOrderEnterKeysInput!"}, _ORDER
)
RESEND = _mutation(
    "cdKeyOrderResend",
    {"id": "ID!", "input": "CdKeyOrderResendInput"},
    "cdKeyOrder { id } cdKeyDelivery { id kind status recipient note }",
)
MARK_DELIVERED = _mutation("cdKeyOrderMarkDelivered", {"id": "ID!", "note": "String!"}, _ORDER)
PURCHASE_DECIDE = _mutation(
    "cdKeyPurchaseDecide",
    {"id": "ID!", "bought": "Boolean!", "note": "String!"},
    "cdKeyPurchase { id status review answer } cdKeyOrder { id }",
)
PURCHASE_REVEAL = _mutation("cdKeyPurchaseReveal", {"id": "ID!"}, "cdKeyPurchase { id } answerText")
REVEAL = _mutation(
    "cdKeyReveal",
    {"id": "ID!"},
    """cdKey { id status exposedAt }
    code { kind text fields { name value } data mediaType filename }""",
)
CHANNEL_SETTINGS = _mutation(
    "cdKeyChannelSettingsUpdate",
    {"channel": "ID!", "input": "CdKeyChannelSettingsInput!"},
    """cdKeyChannelSettings {
        channel { slug } autoProcessing processDelay codesInMail senderName senderAddress
        mailSubject mailIntro mailFooter alertRecipients holdAboveAmount holdAboveQuantity linkDays
    }""",
)
