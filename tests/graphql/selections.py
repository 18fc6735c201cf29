"""Everything that may be selected of a type, for queries that must show all there is."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

from graphql.type.definition import GraphQLObjectType, get_named_type

#: How types of ours begin. Of Saleor's, their name is proof enough that they were reached.
_OURS = "CdKey"


def field_names(type_name: str) -> list[str]:
    """The fields of a type, as they are called in queries."""
    return list(_schema().get_type(type_name).fields)


def select(type_name: str, *, depth: int, without: Collection[str] = ()) -> str:
    """A selection of all fields of a type and of ours below it, ``depth`` types deep.

    ``without`` names fields, as `CdKeyUnit.code`, that are left out.
    """
    fields = _schema().get_type(type_name).fields
    parts = [
        _part(name, get_named_type(field.type), depth, without)
        for name, field in fields.items()
        if f"{type_name}.{name}" not in without
    ]
    return "{ __typename " + " ".join(part for part in parts if part) + " }"


def select_field(type_name: str, name: str) -> str:
    """One field of a type, with what must be selected below it."""
    below = get_named_type(_schema().get_type(type_name).fields[name].type)
    return f"{name} {{ __typename }}" if isinstance(below, GraphQLObjectType) else name


def _part(name: str, below: Any, depth: int, without: Collection[str]) -> str:
    if not isinstance(below, GraphQLObjectType):
        return name
    if not below.name.startswith(_OURS):
        return f"{name} {{ __typename }}"
    if depth == 1:
        return ""
    if below.name.endswith(("Connection", "Edge")):
        depth += 1
    arguments = "(first: 20)" if below.name.endswith("Connection") else ""
    return f"{name}{arguments} {select(below.name, depth=depth - 1, without=without)}"


@functools.cache
def _schema() -> Any:
    from saleor.graphql.api import schema

    return schema
