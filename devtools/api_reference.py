"""The reference part of docs/api.md, written from the schema as it is joined to Saleor's.

python -m devtools.api_reference            writes it
python -m devtools.api_reference --check    fails if the page is not as the schema is
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
_BEGIN = "<!-- The reference is written by `python -m devtools.api_reference`. -->"
_END = "<!-- End of the reference. -->"
_OURS = "CdKey"
#: Types of lists, whose form is Saleor's.
_LISTS = re.compile(r"CountableConnection$|CountableEdge$")
_PAGING = {"before", "after", "first", "last"}


def reference(schema: Any) -> str:
    """The reference, in Markdown."""
    return "\n".join(_lines(schema))


def _lines(schema: Any) -> Iterator[str]:
    yield "### Queries\n"
    for name, field in _ours(schema.get_query_type()):
        yield from _query(schema.get_query_type(), name, field)
    yield "### Mutations\n"
    for name, field in _ours(schema.get_mutation_type()):
        yield from _mutation(schema.get_mutation_type(), name, field)
    yield "### Fields on Saleor's types\n"
    yield from _table(_host_fields(schema), with_permissions=True)
    kinds = _own_types(schema)
    yield "### Types\n"
    for kind in kinds["object"]:
        yield from _object(kind)
    yield "### Inputs\n"
    for kind in kinds["input"]:
        yield from _heading(kind)
        yield from _table((name, field, None) for name, field in kind.fields.items())
    yield "### Enums\n"
    for kind in kinds["enum"]:
        yield from _heading(kind)
        yield "| value | meaning |\n| --- | --- |"
        for value in kind.values:
            yield f"| `{value.name}` | {_cell(value.description)} |"
        yield ""


def _own_types(schema: Any) -> dict[str, list[Any]]:
    """The types of ours by what they are. Payloads are told of with their mutations."""
    from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType

    payloads = {str(field.type) for field in schema.get_mutation_type().fields.values()}
    found: dict[str, list[Any]] = {"object": [], "input": [], "enum": []}
    for name, kind in sorted(schema.get_type_map().items()):
        if not name.startswith(_OURS) or _LISTS.search(name) or name in payloads:
            continue
        if isinstance(kind, GraphQLObjectType):
            found["object"].append(kind)
        elif isinstance(kind, GraphQLInputObjectType):
            found["input"].append(kind)
        elif isinstance(kind, GraphQLEnumType):
            found["enum"].append(kind)
    return found


def _ours(root: Any) -> list[tuple[str, Any]]:
    return sorted(item for item in root.fields.items() if item[0].startswith("cdKey"))


def _query(root: Any, name: str, field: Any) -> Iterator[str]:
    # Not the name alone: the type that a query gives is often called the same.
    yield f"#### query {name}\n"
    yield f"{_sentence(field.description)}{_requires(_permissions(root, name, field))}\n"
    yield from _arguments({n: f for n, f in field.args.items() if n not in _PAGING})
    is_list = set(field.args) >= _PAGING
    yield f"Gives {'pages of ' + _node(field.type) if is_list else _type(field.type)}.\n"


def _mutation(root: Any, name: str, field: Any) -> Iterator[str]:
    yield f"#### mutation {name}\n"
    yield f"{_sentence(field.description)}{_requires(_permissions(root, name, field))}\n"
    yield from _arguments(field.args)
    results = {n: f for n, f in field.type.fields.items() if n != "errors"}
    yield from _table((n, f, None) for n, f in results.items())


def _arguments(arguments: dict[str, Any]) -> Iterator[str]:
    if arguments:
        yield "| argument | type | meaning |\n| --- | --- | --- |"
        for name, value in arguments.items():
            yield f"| `{name}` | {_type(value.type)} | {_cell(value.description)} |"
        yield ""


def _object(kind: Any) -> Iterator[str]:
    yield from _heading(kind)
    rows = [(name, field, _permissions(kind, name, field)) for name, field in kind.fields.items()]
    yield from _table(rows, with_permissions=any(needed for _name, _field, needed in rows))


def _heading(kind: Any) -> Iterator[str]:
    yield f"#### {kind.name}\n"
    if kind.description:
        yield f"{_sentence(kind.description)}\n"


def _table(
    rows: Iterable[tuple[str, Any, list[str] | None]], *, with_permissions: bool = False
) -> Iterator[str]:
    more = " permission |" if with_permissions else ""
    yield f"| field | type | meaning |{more}\n| --- | --- | --- |{' --- |' if more else ''}"
    for name, field, needed in rows:
        last = f" {' or '.join(needed or [])} |" if with_permissions else ""
        yield f"| `{name}` | {_type(field.type)} | {_cell(field.description)} |{last}"
    yield ""


def _host_fields(schema: Any) -> Iterator[tuple[str, Any, list[str]]]:
    from saleor_cdkeys.graphql.host_fields import FIELDS

    for type_name, fields in FIELDS.items():
        host_type = schema.get_type(type_name)
        for snake in fields:
            name = re.sub("_([a-z])", lambda match: match[1].upper(), snake)
            field = host_type.fields[name]
            yield f"{type_name}.{name}", field, _permissions(host_type, name, field)


def _permissions(parent: Any, name: str, field: Any) -> list[str]:
    """The permissions any one of which is needed."""
    snake = re.sub("([A-Z])", lambda match: f"_{match[1].lower()}", name)
    declared = getattr(parent.graphene_type._meta.fields.get(snake), "permissions", None)
    if declared is None:
        payload = getattr(getattr(field.type, "graphene_type", None), "_meta", None)
        declared = getattr(payload, "permissions", None)
    return [permission.name for permission in declared or ()]


def _requires(permissions: list[str]) -> str:
    return f" Needs {' or '.join(permissions)}." if permissions else ""


def _type(kind: Any) -> str:
    """A type as GraphQL writes it; one of ours leads to where it is told of."""
    text = str(kind)
    named = text.strip("[]!")
    if not named.startswith(_OURS) or _LISTS.search(named):
        return f"`{text}`"
    return f"[`{text}`](#{named.lower()})"


def _node(connection: Any) -> str:
    """The type that a list is of."""
    return _type(str(connection).strip("!").removesuffix("CountableConnection"))


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


def main(arguments: list[str]) -> int:
    import django

    django.setup()
    from saleor.graphql.api import schema

    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not (begin and end):
        print(f"{PAGE.name} lacks the marks between which the reference stands.")
        return 1
    wanted = f"{before}{begin}\n\n{reference(schema)}\n{end}{after}"
    if "--check" in arguments:
        return 0 if page == wanted else 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
