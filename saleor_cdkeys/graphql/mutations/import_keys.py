from __future__ import annotations

from collections import Counter
from typing import Any

import graphene

from saleor_cdkeys.acquisition.stock_import import (
    ImportOptions,
    Outcome,
    RowReport,
    Source,
    import_keys,
    preview,
)
from saleor_cdkeys.graphql.errors import CdKeyError
from saleor_cdkeys.graphql.mutations import import_result
from saleor_cdkeys.graphql.mutations.base import CdKeyMutation
from saleor_cdkeys.graphql.mutations.import_input import CdKeyImportInput, options_of, source_of
from saleor_cdkeys.graphql.mutations.import_result import (
    MAX_ROWS,
    CdKeyImportCount,
    CdKeyImportPreview,
    CdKeyImportRow,
)
from saleor_cdkeys.graphql.types import CdKeyBatch
from saleor_cdkeys.host.access import actor_of
from saleor_cdkeys.host.graphql import DOC_CATEGORY_ORDERS, NonNullList, ProductPermissions
from saleor_cdkeys.values import Actor


class CdKeyImport(CdKeyMutation):
    cd_key_batch = graphene.Field(CdKeyBatch, description="The import; null for a preview.")
    preview = graphene.Field(
        CdKeyImportPreview, description="What was found out about the file; null for an import."
    )
    counts = NonNullList(
        CdKeyImportCount, description="How many rows came to what; each row counts once."
    )
    rows = NonNullList(
        CdKeyImportRow,
        description=(
            f"The first {MAX_ROWS} rows that are not stored; of a preview the first 100. "
            "The rest is in the counts."
        ),
    )

    class Arguments:
        input = CdKeyImportInput(required=True, description="The keys, and how to read them.")

    class Meta:
        description = (
            "Put keys into stock, or show what would come of it. Codes that are known already are "
            "skipped, so importing a file twice does no harm. Orders that wait get theirs."
        )
        doc_category = DOC_CATEGORY_ORDERS
        permissions = (ProductPermissions.MANAGE_PRODUCTS,)
        error_type_class = CdKeyError

    @classmethod
    def perform(cls, info: Any, *, input: dict[str, Any]) -> CdKeyImport:
        given_id = input.get("key_product")
        options = options_of(
            input,
            key_product_id=None
            if given_id is None
            else cls.own_id(given_id, "CdKeyProduct", field="key_product"),
        )
        source = source_of(input, info.context)
        if input.get("preview"):
            return cls._preview(source, options)
        return cls._import(source, options, input.get("name") or "", actor_of(info.context))

    @classmethod
    def _preview(cls, source: Source, options: ImportOptions) -> CdKeyImport:
        found = preview(source=source, options=options)
        counts = Counter({Outcome.IMPORTED: found.new_count, **found.counts})
        return cls(
            preview=import_result.preview_of(found),
            counts=import_result.counts(counts),
            rows=[import_result.row(report) for report in found.problems],
        )

    @classmethod
    def _import(
        cls, source: Source, options: ImportOptions, name: str, actor: Actor
    ) -> CdKeyImport:
        counts: Counter[Outcome] = Counter()
        rows: list[CdKeyImportRow] = []

        def on_row(report: RowReport) -> None:
            counts[report.outcome] += 1
            if report.outcome is not Outcome.IMPORTED and len(rows) < MAX_ROWS:
                rows.append(import_result.row(report))

        batch = import_keys(source=source, options=options, actor=actor, name=name, report=on_row)
        return cls(cd_key_batch=batch, counts=import_result.counts(counts), rows=rows)
