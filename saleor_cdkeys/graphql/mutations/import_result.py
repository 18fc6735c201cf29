"""What an import came to, or would come to. Rows are told by their line, never by their code."""

from __future__ import annotations

from collections import Counter
from typing import Any

import graphene

from saleor_cdkeys.acquisition.stock_import import ImportPreview, Outcome, RowReport
from saleor_cdkeys.graphql.enums import CdKeyImportOutcomeEnum, CdKeyImportRoleEnum
from saleor_cdkeys.graphql.types import CdKeyProduct
from saleor_cdkeys.host.graphql import NonNullList
from saleor_cdkeys.models import KeyProduct

#: Rows that were not stored and are told one by one.
MAX_ROWS = 1000


class CdKeyImportRow(graphene.ObjectType):
    line = graphene.Int(required=True, description="Where the row begins, from 1.")
    outcome = CdKeyImportOutcomeEnum(required=True, description="What became of it.")
    message = graphene.String(required=True, description="The same in words.")
    hint = graphene.String(required=True, description="The last characters of the code, or empty.")

    class Meta:
        description = "A row of an import."


class CdKeyImportCount(graphene.ObjectType):
    outcome = CdKeyImportOutcomeEnum(required=True, description="What became of the rows.")
    message = graphene.String(required=True, description="The same in words.")
    count = graphene.Int(required=True, description="How many rows.")

    class Meta:
        description = "How many rows of an import came to the same."


class CdKeyImportColumn(graphene.ObjectType):
    role = CdKeyImportRoleEnum(required=True, description="What the column holds.")
    number = graphene.Int(required=True, description="The number of the column, from 1.")

    class Meta:
        description = "A column of a file that is read."


class CdKeyImportProduct(graphene.ObjectType):
    key_product = graphene.Field(CdKeyProduct, required=True, description="The key product.")
    new_count = graphene.Int(required=True, description="How many new keys it would get.")

    class Meta:
        description = "What a key product would get from an import."


class CdKeyImportPreview(graphene.ObjectType):
    encoding = graphene.String(required=True, description="How the text is encoded, or empty.")
    delimiter = graphene.String(
        required=True, description="What separates the columns; empty for a workbook or one column."
    )
    other_sheets = NonNullList(
        graphene.String, required=True, description="Sheets of the workbook that are not read."
    )
    columns = NonNullList(
        CdKeyImportColumn, required=True, description="Which column was taken for what."
    )
    products = NonNullList(
        CdKeyImportProduct, required=True, description="What each key product would get."
    )
    samples = NonNullList(
        CdKeyImportRow, required=True, description="The first rows that would be stored."
    )

    class Meta:
        description = "What was found out about a file of which nothing was stored yet."


def row(report: RowReport) -> CdKeyImportRow:
    return CdKeyImportRow(
        line=report.line,
        outcome=report.outcome.value,
        message=report.message,
        hint=report.hint,
    )


def counts(found: Counter[Outcome]) -> list[CdKeyImportCount]:
    """The counts in the order in which the outcomes are listed, without those of no row."""
    return [
        CdKeyImportCount(outcome=outcome.value, message=str(outcome.label), count=found[outcome])
        for outcome in Outcome
        if found[outcome]
    ]


def preview_of(found: ImportPreview) -> CdKeyImportPreview:
    products: dict[int, Any] = KeyProduct.objects.in_bulk(
        [product.key_product_id for product in found.products]
    )
    return CdKeyImportPreview(
        encoding=found.layout.encoding,
        delimiter=found.layout.delimiter,
        other_sheets=list(found.layout.other_sheets),
        columns=[
            CdKeyImportColumn(role=role.value, number=position + 1)
            for role, position in found.layout.columns.positions.items()
        ],
        products=[
            CdKeyImportProduct(
                key_product=products[product.key_product_id], new_count=product.new_count
            )
            for product in found.products
        ],
        samples=[row(report) for report in found.samples],
    )
