"""Reading global ids that come as arguments."""

from __future__ import annotations

from typing import Any

from graphql.error import GraphQLError

from saleor_cdkeys.host.graphql import from_global_id_or_error

#: The highest id of ours (64 bits), and of those of Saleor's tables that have numbers (32 bits).
_LAST_ID = 2**63 - 1
_LAST_ID_OF_SALEOR = 2**31 - 1


def own_id(global_id: str, type_name: str) -> int:
    """The number behind a global id of one of our types. Raises GraphQLError."""
    return _number(global_id, type_name, last=_LAST_ID)


def host_id(global_id: str, type_name: str) -> int:
    """The number behind a global id of one of Saleor's types. Raises GraphQLError."""
    return _number(global_id, type_name, last=_LAST_ID_OF_SALEOR)


def _number(global_id: str, type_name: str, *, last: int) -> int:
    _type, text = from_global_id_or_error(global_id, type_name, raise_error=True)
    number: Any = int(text) if text.isascii() and text.isdecimal() else last + 1
    if number > last:
        raise GraphQLError(f"Invalid ID: {global_id}.")
    return int(number)
