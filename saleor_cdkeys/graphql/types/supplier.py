"""Suppliers' accounts. Their secrets are write-only: only whether one is set is told."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition import accounts
from saleor_cdkeys.errors import ConfigurationError, SealBroken
from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeySupplierPauseReasonEnum
from saleor_cdkeys.graphql.fields import SUPPLIERS
from saleor_cdkeys.graphql.paging import empty_connection, fill
from saleor_cdkeys.graphql.types.mapping import CdKeySupplierMappingCountableConnection
from saleor_cdkeys.graphql.types.money import money
from saleor_cdkeys.graphql.window import window_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    ConnectionField,
    CountableConnection,
    DateTime,
    ModelObjectType,
    Money,
    NonNullList,
    PermissionsField,
    PositiveDecimal,
)
from saleor_cdkeys.intake.supplier_messages import message_url
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.registry import adapter_class


class CdKeySupplierSetting(graphene.ObjectType):
    name = graphene.String(required=True, description="The name of the setting.")
    value = graphene.String(required=True, description="Its value.")

    class Meta:
        description = "A setting of a supplier's account that is no secret."


class CdKeySupplierSecret(graphene.ObjectType):
    name = graphene.String(required=True, description="The name of the secret.")
    is_set = graphene.Boolean(
        description="Whether it has a value; null where the secrets do not open."
    )

    class Meta:
        description = "A credential of a supplier's account. Its value cannot be read."


class CdKeySupplier(ModelObjectType):
    id = graphene.GlobalID(required=True, description="The ID of the supplier.")
    name = graphene.String(required=True, description="What staff call it.")
    adapter = graphene.String(required=True, description="The name of the adapter that reaches it.")
    is_active = graphene.Boolean(required=True, description="Whether keys are bought there.")
    pause_reason = CdKeySupplierPauseReasonEnum(
        description="Why nothing is bought there for a while; null if it is not paused."
    )
    pause_message = graphene.String(
        required=True, description="The same in the supplier's words; empty if it is not paused."
    )
    paused_until = DateTime(description="When a paused supplier is tried out next.")
    created_at = DateTime(required=True, description="When it was made.")
    updated_at = DateTime(required=True, description="When it was last changed.")
    balance = PermissionsField(
        Money,
        permissions=SUPPLIERS,
        description="What it said last is left on the account; null if it never said.",
    )
    balance_at = PermissionsField(
        DateTime, permissions=SUPPLIERS, description="When it told the balance last."
    )
    low_balance_amount = PermissionsField(
        PositiveDecimal,
        permissions=SUPPLIERS,
        description="Staff are alerted of a lower balance; in the balance's own currency.",
    )
    config = PermissionsField(
        NonNullList(CdKeySupplierSetting),
        permissions=SUPPLIERS,
        description="The settings of the account that are no secrets.",
    )
    secrets = PermissionsField(
        NonNullList(CdKeySupplierSecret),
        permissions=SUPPLIERS,
        description="Which credentials of the account are set.",
    )
    message_url = PermissionsField(
        graphene.String,
        permissions=SUPPLIERS,
        description=(
            "Where the supplier may send its messages, to enter there; null where it sends none."
        ),
    )
    mappings = ConnectionField(
        CdKeySupplierMappingCountableConnection,
        permissions=SUPPLIERS,
        description="What is bought there, newest first.",
    )

    class Meta:
        description = "An account at a company that sells keys over an API."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = Supplier

    @staticmethod
    def resolve_pause_reason(root: Supplier, _info: Any) -> str | None:
        return root.pause_reason or None

    @staticmethod
    def resolve_balance(root: Supplier, _info: Any) -> Any:
        return money(root.balance_amount, root.balance_currency)

    @staticmethod
    def resolve_config(root: Supplier, _info: Any) -> list[CdKeySupplierSetting]:
        return [
            CdKeySupplierSetting(name=name, value=str(value))
            for name, value in sorted(root.config.items())
        ]

    @staticmethod
    def resolve_secrets(root: Supplier, _info: Any) -> list[CdKeySupplierSecret]:
        try:
            known = set(accounts.read_secrets(supplier=root))
        except (ConfigurationError, SealBroken):
            return [CdKeySupplierSecret(name=name) for name in _secret_names(root)]
        return [
            CdKeySupplierSecret(name=name, is_set=name in known)
            for name in sorted({*_secret_names(root), *known})
        ]

    @staticmethod
    def resolve_message_url(root: Supplier, _info: Any) -> str | None:
        return message_url(root)

    @staticmethod
    def resolve_mappings(root: Supplier, info: Any, **arguments: Any) -> Any:
        counts = loaders.MappingCounts(info.context)
        empty = empty_connection(
            info,
            arguments,
            CdKeySupplierMappingCountableConnection,
            count=lambda: counts.load(root.pk),
        )
        window = window_of(arguments)
        if window is None:
            return empty
        page = loaders.MappingPages(info.context).load((root.pk, window))
        return page.then(lambda rows: fill(empty, rows, window))


def _secret_names(supplier: Supplier) -> list[str]:
    try:
        return sorted(adapter_class(supplier.adapter).secret_fields)
    except ConfigurationError:
        return []


class CdKeySupplierCountableConnection(CountableConnection):
    class Meta:
        doc_category = DOC_CATEGORY_ORDERS
        node = CdKeySupplier
