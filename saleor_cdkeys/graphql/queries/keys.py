"""Looking up and listing keys and their imports."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_cdkeys.graphql.fields import PRODUCTS
from saleor_cdkeys.graphql.ids import own_id
from saleor_cdkeys.graphql.listing import keys
from saleor_cdkeys.graphql.listing.keys import CdKeyFilterInput
from saleor_cdkeys.graphql.loaders import SEALED
from saleor_cdkeys.graphql.paging import connection
from saleor_cdkeys.graphql.types import (
    CdKey,
    CdKeyBatch,
    CdKeyBatchCountableConnection,
    CdKeyCountableConnection,
)
from saleor_cdkeys.host.graphql import (
    DOC_CATEGORY_ORDERS,
    ConnectionField,
    PermissionsField,
    get_database_connection_name,
)
from saleor_cdkeys.models import Key, KeyBatch


class KeyQueries:
    cd_key = PermissionsField(
        CdKey,
        id=graphene.Argument(graphene.ID, required=True, description="The ID of the key."),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="A key, masked.",
    )
    cd_keys = ConnectionField(
        CdKeyCountableConnection,
        filter=CdKeyFilterInput(description="Which ones."),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Keys, masked, newest first.",
    )
    cd_key_batch = PermissionsField(
        CdKeyBatch,
        id=graphene.Argument(graphene.ID, required=True, description="The ID of the import."),
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="An import of keys.",
    )
    cd_key_batches = ConnectionField(
        CdKeyBatchCountableConnection,
        permissions=PRODUCTS,
        doc_category=DOC_CATEGORY_ORDERS,
        description="Imports of keys, newest first.",
    )

    @staticmethod
    def resolve_cd_key(_root: Any, info: Any, *, id: str) -> Key | None:
        rows = Key.objects.using(get_database_connection_name(info.context)).defer(*SEALED)
        return rows.filter(pk=own_id(id, "CdKey")).first()

    @staticmethod
    def resolve_cd_keys(_root: Any, info: Any, *, filter: Any = None, **arguments: Any) -> Any:
        return keys.page(info, filter or {}, arguments)

    @staticmethod
    def resolve_cd_key_batch(_root: Any, info: Any, *, id: str) -> KeyBatch | None:
        rows = KeyBatch.objects.using(get_database_connection_name(info.context))
        return rows.filter(pk=own_id(id, "CdKeyBatch")).first()

    @staticmethod
    def resolve_cd_key_batches(_root: Any, info: Any, **arguments: Any) -> Any:
        rows = KeyBatch.objects.using(get_database_connection_name(info.context))
        return connection(rows, info, arguments, CdKeyBatchCountableConnection)
