"""Units: the keys that a key order owes, one by one."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql import loaders
from saleor_cdkeys.graphql.enums import CdKeyUnitStatusEnum
from saleor_cdkeys.graphql.fields import StaffField
from saleor_cdkeys.graphql.types.code import CdKeyCode
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, DateTime, ModelObjectType
from saleor_cdkeys.models import KeyUnit
from saleor_cdkeys.statuses import UnitStatus


class CdKeyUnit(ModelObjectType):
    """A unit. The customer sees what is no StaffField."""

    id = graphene.GlobalID(required=True, description="The ID of the unit.")
    number = graphene.Int(required=True, description="Its number, counted from 1.")
    status = CdKeyUnitStatusEnum(required=True, description="Where it stands.")
    delivered_at = DateTime(description="When its key was delivered.")
    code = graphene.Field(
        CdKeyCode,
        description=(
            "The code, for the customer who owns the order, once it was delivered; null for "
            "everybody else. Each read is recorded. Staff use `cdKeyReveal`."
        ),
    )
    key = StaffField("saleor_cdkeys.graphql.types.CdKey", description="The key it has, masked.")
    fulfilled_in_saleor_at = StaffField(
        DateTime, description="When the order's line was fulfilled for it in Saleor."
    )

    class Meta:
        description = "One of the keys that a line of an order is about."
        doc_category = DOC_CATEGORY_ORDERS
        interfaces = [graphene.relay.Node]
        model = KeyUnit

    @staticmethod
    def resolve_code(root: KeyUnit, info: Any) -> Any:
        if root.status != UnitStatus.DELIVERED:
            return None
        return loaders.OwnCodeByUnit(info.context).load(root.pk)

    @staticmethod
    def resolve_key(root: KeyUnit, info: Any) -> Any:
        return loaders.KeyByUnit(info.context).load(root.pk)

    @staticmethod
    def resolve_fulfilled_in_saleor_at(root: KeyUnit, _info: Any) -> Any:
        return root.host_fulfilled_at
