"""A key that staff enter: a text, several fields, or a file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.graphql.mutations.inputs import CdKeyNamedValueInput
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    BaseInputObjectType,
    NonNullList,
    Upload,
)
from saleor_cdkeys.host.uploads import uploaded_file
from saleor_cdkeys.orders.actions import MAX_CODE_BYTES
from saleor_cdkeys.values import KeyCode

_FORMS = ("text", "fields", "file")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_LONGEST_FILENAME = 100


class CdKeyEnteredKeyInput(BaseInputObjectType):
    text = graphene.String(description="A code of one piece.")
    fields = NonNullList(
        CdKeyNamedValueInput, description="A code of several pieces, such as code and PIN."
    )
    file = Upload(description="An image or another file, of at most 1 MB.")

    class Meta:
        description = "A key: exactly one of text, fields and file."
        doc_category = DOC_CATEGORY_ORDERS


def code_of(given: Mapping[str, Any], *, number: int, context: Any) -> KeyCode:
    """The code that was given. Raises InvalidInput that names it by its number only."""
    forms = [form for form in _FORMS if given.get(form) is not None]
    if len(forms) != 1:
        raise InvalidInput(
            _("Key %(number)d: give a text, fields or a file.") % {"number": number}, field="keys"
        )
    if forms == ["text"]:
        return KeyCode.of_text(given["text"])
    if forms == ["fields"]:
        return KeyCode.of_fields(
            [(item["name"], item.get("value") or "") for item in given["fields"]]
        )
    return _code_of_file(uploaded_file(context, given["file"]), number)


def _code_of_file(upload: Any, number: int) -> KeyCode:
    if upload is None:
        raise InvalidInput(
            _("Key %(number)d: the request lacks the file.") % {"number": number},
            field="keys",
            code="required",
        )
    media_type = str(upload.content_type or "").lower()
    return KeyCode.of_bytes(
        # One byte more than is allowed is enough to be refused as too large.
        upload.read(MAX_CODE_BYTES + 1),
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
        filename=os.path.basename(upload.name or "")[-_LONGEST_FILENAME:],
    )
