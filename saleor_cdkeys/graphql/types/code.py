"""A code in clear text. Nothing but a recorded reveal may make one of these."""

from __future__ import annotations

import base64

import graphene

from saleor_cdkeys.graphql.enums import CdKeyKindEnum
from saleor_cdkeys.host.graphql import NonNullList
from saleor_cdkeys.values import KeyCode


class CdKeyCodeField(graphene.ObjectType):
    """One of several values that make up a code."""

    name = graphene.String(required=True, description="What the value is, such as `code` or `pin`.")
    value = graphene.String(required=True, description="The value in clear text.")

    class Meta:
        description = "One of several values that make up a code."


class CdKeyCode(graphene.ObjectType):
    """A code in clear text, made from a :class:`KeyCode` whose reveal is on record."""

    kind = CdKeyKindEnum(required=True, description="What form the code has.")
    text = graphene.String(
        required=True,
        description="What a customer copies; several values one a line; empty for image and file.",
    )
    fields = NonNullList(
        CdKeyCodeField, required=True, description="The values of a code that has several."
    )
    data = graphene.String(description="The bytes of an image or file, in base64.")
    media_type = graphene.String(description="The media type of an image or file.")
    filename = graphene.String(description="The name of an image or file, if it has one.")

    class Meta:
        description = (
            "A code in clear text. Whoever reads one is on record, with the time and the address."
        )

    @staticmethod
    def resolve_kind(root: KeyCode, _info: object) -> str:
        return root.kind.value

    @staticmethod
    def resolve_text(root: KeyCode, _info: object) -> str:
        return root.reveal_text()

    @staticmethod
    def resolve_fields(root: KeyCode, _info: object) -> list[CdKeyCodeField]:
        return [CdKeyCodeField(name=name, value=value) for name, value in root.fields]

    @staticmethod
    def resolve_data(root: KeyCode, _info: object) -> str | None:
        return base64.b64encode(root.data).decode() if root.data else None

    @staticmethod
    def resolve_media_type(root: KeyCode, _info: object) -> str | None:
        return root.media_type or None

    @staticmethod
    def resolve_filename(root: KeyCode, _info: object) -> str | None:
        return root.filename or None
