"""What names of Saleor are made of, in the form of `saleor-contract.json`.

    python -m tests.host.contract saleor.order.models.Order …

prints the entries of these names in the Saleor that is on the path: that is how the contract was
made, and how it is extended.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any, is_typeddict

FILE = Path(__file__).parents[1] / "standin" / "saleor-contract.json"

#: The versions that are supported, as the contract calls them. 3.24 is Saleor's main branch.
SUPPORTED = ("3.22", "3.23", "3.24")

Entry = dict[str, Any]


@functools.cache
def _version(version: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(FILE.read_text())["versions"][version]
    return facts


def names_in(version: str) -> dict[str, Entry]:
    """The contract's names in that version of Saleor; what is absent cannot be imported there."""
    names: dict[str, Entry] = _version(version)["names"]
    return names


def settings_in(version: str) -> dict[str, Any]:
    """What Saleor's settings are by default in that version."""
    settings: dict[str, Any] = _version(version)["settings"]
    return settings


def version_of(text: str) -> str:
    """The contract's word for a version such as 3.23.28."""
    return ".".join(text.split(".")[:2])


def describe(name: str) -> Entry | None:
    """The entry of a name in the Saleor that is on the path, or None if it cannot be imported."""
    module, _dot, attribute = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError):
        return None
    return describe_object(found)


def describe_object(found: Any) -> Entry:
    from django.db.models import Model

    if is_typeddict(found):
        return {"kind": "typeddict", "keys": sorted(found.__annotations__)}
    if isinstance(found, type):
        if issubclass(found, Model):
            return _model(found)
        if issubclass(found, enum.Enum):
            return {"kind": "enum", "values": {item.name: item.value for item in found}}
        return _class(found)
    if callable(found) and hasattr(found, "__code__"):
        return {"kind": "function", "signature": signature(found)}
    if isinstance(found, str | int | bool):
        return {"kind": "constant", "value": found}
    return {"kind": "object", "type": _full_name(type(found))}


def _model(found: Any) -> Entry:
    options = found._meta
    return {
        "kind": "model",
        "abstract": options.abstract,
        "app_label": options.app_label,
        "fields": {
            field.name: _field(field) for field in [*options.concrete_fields, *options.many_to_many]
        },
        "members": _members(found),
    }


def _field(field: Any) -> Entry:
    entry: Entry = {"type": type(field).__name__}
    for name, attribute in (("null", "null"), ("pk", "primary_key"), ("unique", "unique")):
        if getattr(field, attribute) and not (name == "unique" and field.primary_key):
            entry[name] = True
    if field.max_length:
        entry["max_length"] = field.max_length
    if field.remote_field is not None:
        to = field.remote_field.model
        entry["to"] = to if isinstance(to, str) else to._meta.label
    if field.many_to_one or field.one_to_one:
        entry["on_delete"] = field.remote_field.on_delete.__name__
        entry["reverse"] = field.remote_field.get_accessor_name() or "+"
    if field.many_to_many:
        entry.pop("null", None)
        entry["reverse"] = field.remote_field.get_accessor_name() or "+"
        entry["query_name"] = field.related_query_name()
    return entry


def _class(found: type) -> Entry:
    entry: Entry = {
        "kind": "class",
        "bases": [_full_name(base) for base in found.__bases__ if base is not object],
        "mro": [_full_name(base) for base in found.__mro__[1:]],
        "members": _members(found),
        "constants": {
            name: value
            for base in reversed(found.__mro__)
            for name, value in vars(base).items()
            if name.isupper() and (value is None or isinstance(value, str | int | bool))
        },
    }
    if dataclasses.is_dataclass(found):
        entry["dataclass_fields"] = [field.name for field in dataclasses.fields(found)]
    fields = getattr(getattr(found, "_meta", None), "fields", None)
    if isinstance(fields, dict):
        entry["graphql_fields"] = sorted(fields)
    return entry


def _members(found: type) -> dict[str, str]:
    """What can be called on the class and its objects; hooks that are only announced as such."""
    members = {
        name: "optional-hook"
        for base in found.__mro__
        for name in vars(base).get("__annotations__", {})
        if not hasattr(found, name)
    }
    for name in dir(found):
        member = inspect.getattr_static(found, name)
        if inspect.isfunction(getattr(member, "__func__", member)):
            members[name] = signature(getattr(found, name))
    return members


def signature(found: Any) -> str:
    """Names, kinds and simple defaults of parameters, without annotations."""
    parameters = []
    for parameter in inspect.signature(found).parameters.values():
        default = parameter.default
        simple = default is None or isinstance(default, str | int | bool | float)
        if default is not parameter.empty and not simple:
            parameter = parameter.replace(default=...)
        if isinstance(default, enum.Enum):
            parameter = parameter.replace(default=default.value)
        parameters.append(parameter.replace(annotation=parameter.empty))
    return str(inspect.Signature(parameters)).replace("=Ellipsis", "=...")


def _full_name(found: type) -> str:
    return f"{found.__module__}.{found.__qualname__}"


def main() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor.tests.settings")
    os.environ.setdefault("SECRET_KEY", "contract")
    django.setup()
    importlib.import_module("saleor.graphql.product.types")
    json.dump({name: describe(name) for name in sys.argv[1:]}, sys.stdout, indent=1, default=str)


if __name__ == "__main__":
    main()
