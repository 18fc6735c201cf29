"""What may be said about an import, and the source and options it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import import ImportOptions, Role, Source, read_delimiter
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.graphql.enums import CdKeyImportRoleEnum
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    Upload,
)
from saleor_cdkeys.host.uploads import uploaded_file

#: About as many keys as are stored before a proxy loses patience. The command has no such limit.
MAX_UPLOAD_BYTES = 64 * 1024 * 1024


class CdKeyImportColumnInput(BaseInputObjectType):
    role = CdKeyImportRoleEnum(required=True, description="What the column holds.")
    column = graphene.String(
        required=True, description="The column, by its heading or its number from 1."
    )

    class Meta:
        description = "Which column of a file holds what."
        doc_category = DOC_CATEGORY_ORDERS


class CdKeyImportInput(BaseInputObjectType):
    file = Upload(description="A CSV, TXT or XLSX file of at most 64 MB.")
    text = graphene.String(
        description="Pasted lines, in place of a file. Send them as a variable: the text of a "
        "query may be logged."
    )
    key_product = graphene.ID(description="ID of the key product of rows that name no SKU.")
    sku = graphene.String(description="The same, by the SKU of its variant.")
    name = graphene.String(description="The name of this import. Default: the file's.")
    preview = graphene.Boolean(
        default_value=False, description="Show what would happen; store nothing."
    )
    columns = NonNullList(
        CdKeyImportColumnInput, description="Which column is what. Default: found out."
    )
    delimiter = graphene.String(
        description="comma, semicolon, tab, pipe, none (a code per line) or a character. "
        "Default: found out."
    )
    encoding = graphene.String(description="Such as utf-8, utf-16 or cp1250. Default: found out.")
    has_header = graphene.Boolean(
        description="Whether the first row holds headings. Default: found out."
    )
    currency = graphene.String(
        description="The currency of costs whose row names none, such as EUR."
    )
    sheet = graphene.String(description="The sheet of a workbook. Default: the first.")

    class Meta:
        description = "Keys to import: exactly one of file and text."
        doc_category = DOC_CATEGORY_ORDERS


def source_of(given: Mapping[str, Any], context: Any) -> Source:
    """Where the rows come from, as a stream. Raises InvalidInput (``file`` or ``text``)."""
    file, text = given.get("file"), given.get("text")
    if text is not None and file is None:
        return Source.from_text(text, name=_("pasted lines"))
    if text is not None or file is None:
        raise InvalidInput(_("Give a file or a text."), field="file", code="required")
    upload = uploaded_file(context, file)
    if upload is None:
        raise InvalidInput(_("The request lacks the file."), field="file", code="required")
    if upload.size > MAX_UPLOAD_BYTES:
        raise InvalidInput(
            _("The file is larger than %(limit)d MB. Split it, or use `manage.py cdkeys_import`.")
            % {"limit": MAX_UPLOAD_BYTES // 1024**2},
            field="file",
            code="too_large",
        )
    return Source.from_upload(upload)


def options_of(given: Mapping[str, Any], *, key_product_id: int | None) -> ImportOptions:
    """What was said about the file. Raises InvalidInput."""
    delimiter = given.get("delimiter")
    return ImportOptions(
        key_product_id=key_product_id,
        default_sku=given.get("sku") or "",
        columns=_columns_of(given.get("columns") or []),
        delimiter=None if delimiter is None else read_delimiter(delimiter),
        encoding=given.get("encoding") or "",
        has_header=given.get("has_header"),
        currency=(given.get("currency") or "").upper(),
        sheet=given.get("sheet") or "",
    )


def _columns_of(given: list[Mapping[str, Any]]) -> dict[Role, str]:
    columns: dict[Role, str] = {}
    for item in given:
        role, column = Role(item["role"]), item["column"].strip()
        if role in columns or not column:
            raise InvalidInput(
                _("Say once which column holds: %(role)s.") % {"role": role.value},
                field="columns",
            )
        columns[role] = column
    return columns
