from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.acquisition.mapping_import import Outcome, RowReport, import_mappings
from saleor_cdkeys.acquisition.mapping_import.outcomes import WELL
from saleor_cdkeys.graphql.enums import CdKeyMappingImportOutcomeEnum
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.mutations.import_input import source_of
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    NonNullList,
    ProductPermissions,
    Upload,
)

#: Rows that were not mapped and are told one by one.
MAX_ROWS = 1000


class CdKeyMappingImportRow(graphene.ObjectType):
    line = graphene.Int(required=True, description="Where the row begins, from 1.")
    product = graphene.String(required=True, description="The SKU or variant, as it stands there.")
    supplier = graphene.String(required=True, description="The supplier, as it stands there.")
    supplier_product_id = graphene.String(
        required=True, description="The supplier's product, as it stands there."
    )
    outcome = CdKeyMappingImportOutcomeEnum(required=True, description="What became of it.")
    message = graphene.String(required=True, description="The same in words.")

    class Meta:
        description = "A row of a file of mappings."


class CdKeyMappingImportCount(graphene.ObjectType):
    outcome = CdKeyMappingImportOutcomeEnum(required=True, description="What became of the rows.")
    message = graphene.String(required=True, description="The same in words.")
    count = graphene.Int(required=True, description="How many rows.")

    class Meta:
        description = "How many rows of a file of mappings came to the same."


class CdKeySupplierMappingImport(CdKeyMutation):
    counts = NonNullList(
        CdKeyMappingImportCount,
        description="How many rows came, or would come, to what; each row counts once.",
    )
    rows = NonNullList(
        CdKeyMappingImportRow,
        description=f"The first {MAX_ROWS} rows that could not be mapped.",
    )

    class Arguments:
        file = Upload(
            required=True,
            description=(
                "A CSV file of at most 64 MB with the headings sku or variant, supplier, "
                "supplier_product_id and, if you like, position, active and countries."
            ),
        )
        preview = graphene.Boolean(
            default_value=False, description="Show what would happen; write nothing."
        )

    class Meta:
        description = (
            "Map many products at once, or show what would come of it. Doing it again changes "
            "only what is new. Orders that waited for a mapping are looked at again."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, file: Any, preview: bool) -> CdKeySupplierMappingImport:
        rows: list[CdKeyMappingImportRow] = []

        def on_row(report: RowReport) -> None:
            if report.outcome not in WELL and len(rows) < MAX_ROWS:
                rows.append(_row(report))

        counts = import_mappings(
            source=source_of({"file": file}, info.context), is_preview=preview, report=on_row
        )
        return cls(
            counts=[
                CdKeyMappingImportCount(
                    outcome=outcome.value, message=str(outcome.label), count=counts[outcome]
                )
                for outcome in Outcome
                if counts[outcome]
            ],
            rows=rows,
        )


def _row(report: RowReport) -> CdKeyMappingImportRow:
    return CdKeyMappingImportRow(
        line=report.line,
        product=report.product,
        supplier=report.supplier,
        supplier_product_id=report.supplier_product_id,
        outcome=report.outcome.value,
        message=report.message,
    )
