"""The adapters that are installed, for forms that set up a supplier."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.host.graphql import NonNullList


class CdKeySupplierAdapterField(graphene.ObjectType):
    name = graphene.String(required=True, description="The name of the setting or secret.")
    label = graphene.String(required=True, description="What people call it.")
    is_required = graphene.Boolean(required=True, description="Whether it must not be empty.")

    class Meta:
        description = "A setting or secret that an adapter takes."


class CdKeySupplierCapabilities(graphene.ObjectType):
    """Made from a :class:`Capabilities`."""

    order_lookup = graphene.Boolean(
        required=True, description="Finds an order by our reference, or says that there is none."
    )
    quantity = graphene.Boolean(required=True, description="Sells more than one key in an order.")
    price_guard = graphene.Boolean(
        required=True, description="Takes the highest price with the order."
    )
    balance = graphene.Boolean(required=True, description="Tells what is left on the account.")

    class Meta:
        description = "What a supplier's protocol offers."


class CdKeySupplierAdapter(graphene.ObjectType):
    """Made from (name, adapter class)."""

    name = graphene.String(required=True, description="The name that a supplier takes.")
    config_fields = NonNullList(
        CdKeySupplierAdapterField, required=True, description="The settings it takes."
    )
    secret_fields = NonNullList(
        CdKeySupplierAdapterField, required=True, description="The credentials it takes."
    )
    capabilities = graphene.Field(
        CdKeySupplierCapabilities, required=True, description="What it can do."
    )

    class Meta:
        description = "A kind of supplier that can be set up."

    @staticmethod
    def resolve_name(root: Any, _info: Any) -> str:
        return str(root[0])

    @staticmethod
    def resolve_config_fields(root: Any, _info: Any) -> list[CdKeySupplierAdapterField]:
        return _fields(root[1].config_fields, root[1].required)

    @staticmethod
    def resolve_secret_fields(root: Any, _info: Any) -> list[CdKeySupplierAdapterField]:
        return _fields(root[1].secret_fields, root[1].required)

    @staticmethod
    def resolve_capabilities(root: Any, _info: Any) -> Any:
        return root[1].capabilities


def _fields(labels: Any, required: Any) -> list[CdKeySupplierAdapterField]:
    return [
        CdKeySupplierAdapterField(name=name, label=str(label), is_required=name in required)
        for name, label in labels.items()
    ]
