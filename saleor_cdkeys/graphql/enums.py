"""The closed lists of `saleor_cdkeys.statuses` and `values`, as GraphQL enums."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import graphene
from django.db.models import TextChoices

from saleor_cdkeys import statuses
from saleor_cdkeys.acquisition import mapping_import
from saleor_cdkeys.acquisition.stock_import import Outcome, Role
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS
from saleor_cdkeys.suppliers.capabilities import CAPABILITIES
from saleor_cdkeys.values import CodeKind


def _enum(name: str, choices: type[TextChoices], description: str) -> Any:
    """An enum of all values but the empty one, which is null in GraphQL."""
    labels = {choice.value: choice.label for choice in choices}
    return _build(name, [(c.name, c.value) for c in choices if c.value], labels, description)


def _plain(name: str, kinds: type[StrEnum], labels: dict[str, str], description: str) -> Any:
    return _build(name, [(kind.name, kind.value) for kind in kinds], labels, description)


def _build(name: str, members: list[tuple[str, str]], labels: Any, description: str) -> Any:
    def describe(member: Any) -> str:
        return str(labels[member.value]) if member else description

    enum = graphene.Enum(name, members, description=describe)
    enum.doc_category = DOC_CATEGORY_ORDERS
    return enum


CdKeyOrderStatusEnum = _enum(
    "CdKeyOrderStatusEnum", statuses.KeyOrderStatus, "Where a key order stands."
)
CdKeyOrderReasonEnum = _enum(
    "CdKeyOrderReasonEnum", statuses.Reason, "Why a key order is where it is."
)
CdKeyUnitStatusEnum = _enum(
    "CdKeyUnitStatusEnum", statuses.UnitStatus, "Where one of the keys of a key order stands."
)
CdKeyStatusEnum = _enum("CdKeyStatusEnum", statuses.KeyStatus, "Whether a key may be sold.")
CdKeyKindEnum = _plain(
    "CdKeyKindEnum",
    CodeKind,
    {
        "text": "One line of text.",
        "fields": "Several named values, such as code and PIN.",
        "image": "An image.",
        "file": "A file.",
    },
    "What form a code has.",
)
CdKeyAccessKindEnum = _enum(
    "CdKeyAccessKindEnum", statuses.AccessKind, "How a code left, or was looked at."
)
CdKeyBatchStatusEnum = _enum(
    "CdKeyBatchStatusEnum", statuses.BatchStatus, "Where an import of keys stands."
)
CdKeySourceEnum = _enum(
    "CdKeySourceEnum", statuses.Source, "Where the keys of a key product come from."
)
CdKeyDeliveryModeEnum = _enum(
    "CdKeyDeliveryModeEnum",
    statuses.DeliveryMode,
    "Whether the keys of a line wait for each other.",
)
CdKeySupplierChoiceEnum = _enum(
    "CdKeySupplierChoiceEnum",
    statuses.SupplierChoice,
    "Which supplier of a key product is asked first.",
)
CdKeySupplierPauseReasonEnum = _enum(
    "CdKeySupplierPauseReasonEnum",
    statuses.PauseReason,
    "Why nothing is bought at a supplier for a while.",
)
CdKeySupplierCapabilityEnum = _build(
    "CdKeySupplierCapabilityEnum",
    [(name.upper(), name) for name in CAPABILITIES],
    CAPABILITIES,
    "What a supplier's protocol may offer.",
)
CdKeyPriceRuleEnum = _enum(
    "CdKeyPriceRuleEnum",
    statuses.PriceRule,
    "How the price in the shop follows what a key costs.",
)
CdKeyShopChangeKindEnum = _enum(
    "CdKeyShopChangeKindEnum",
    statuses.ShopChangeKind,
    "What the plugin changed in the shop by itself.",
)
CdKeyMappingFlagEnum = _enum(
    "CdKeyMappingFlagEnum", statuses.MappingFlag, "What is odd about a product that is mapped."
)
CdKeyMappingImportOutcomeEnum = _enum(
    "CdKeyMappingImportOutcomeEnum",
    mapping_import.Outcome,
    "What became of a row of a file of mappings.",
)
CdKeyPurchaseStatusEnum = _enum(
    "CdKeyPurchaseStatusEnum", statuses.PurchaseStatus, "What is known of a purchase."
)
CdKeyDeliveryStatusEnum = _enum(
    "CdKeyDeliveryStatusEnum", statuses.DeliveryStatus, "Where a message with keys stands."
)
CdKeyDeliveryKindEnum = _enum(
    "CdKeyDeliveryKindEnum", statuses.DeliveryKind, "Why a message with keys was sent."
)
CdKeyAlertKindEnum = _enum(
    "CdKeyAlertKindEnum", statuses.AlertKind, "What sort of thing staff must know."
)
CdKeyOrderEventTypeEnum = _enum(
    "CdKeyOrderEventTypeEnum", statuses.EventType, "What a row of a key order's timeline tells."
)
CdKeyImportOutcomeEnum = _enum(
    "CdKeyImportOutcomeEnum", Outcome, "What became of a row of an import."
)
CdKeyImportRoleEnum = _plain(
    "CdKeyImportRoleEnum",
    Role,
    {
        "sku": "The SKU of the product variant.",
        "code": "The code.",
        "pin": "A PIN that goes with the code.",
        "user": "A user name.",
        "password": "A password.",
        "cost": "What the key cost.",
        "currency": "The currency of that cost.",
    },
    "What a column of a file holds.",
)
