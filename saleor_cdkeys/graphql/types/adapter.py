"""The adapters that are installed, for forms that set up a supplier."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.enums import CdKeySupplierCapabilityEnum
from saleor_cdkeys.host.graphql import NonNullList
from saleor_cdkeys.suppliers.capabilities import CAPABILITIES


class CdKeySupplierAdapterField(graphene.ObjectType):
    name = graphene.String(required=True, description="The name of the setting or secret.")
    label = graphene.String(required=True, description="What people call it.")
    is_required = graphene.Boolean(required=True, description="Whether it must not be empty.")

    class Meta:
        description = "A setting or secret that an adapter takes."


class CdKeySupplierCapability(graphene.ObjectType):
    name = CdKeySupplierCapabilityEnum(required=True, description="What it is.")
    is_offered = graphene.Boolean(required=True, description="Whether the supplier offers it.")
    description = graphene.String(required=True, description="The same in plain words.")

    class Meta:
        description = "Something that a supplier's protocol may offer."


class CdKeySupplierAdapter(graphene.ObjectType):
    """Made from (name, adapter class)."""

    name = graphene.String(required=True, description="The name that a supplier takes.")
    config_fields = NonNullList(
        CdKeySupplierAdapterField, required=True, description="The settings it takes."
    )
    secret_fields = NonNullList(
        CdKeySupplierAdapterField, required=True, description="The credentials it takes."
    )
    capabilities = NonNullList(
        CdKeySupplierCapability,
        required=True,
        description="What it can do and what not, always in the same order.",
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
    def resolve_capabilities(root: Any, _info: Any) -> list[CdKeySupplierCapability]:
        return [
            CdKeySupplierCapability(
                name=name,
                is_offered=getattr(root[1].capabilities, name),
                description=str(description),
            )
            for name, description in CAPABILITIES.items()
        ]


def _fields(labels: Any, required: Any) -> list[CdKeySupplierAdapterField]:
    return [
        CdKeySupplierAdapterField(name=name, label=str(label), is_required=name in required)
        for name, label in labels.items()
    ]
