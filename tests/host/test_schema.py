"""Joining fields to Saleor's schema: once, before it is built, or with a clear refusal."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest
from django.core.exceptions import ImproperlyConfigured

from saleor_cdkeys.host import schema

_PROGRAM = """
import django, graphene, sys
django.setup()
from saleor_cdkeys.host import schema
from saleor_cdkeys.host.graphql import BaseField

class Queries:
    cd_keys_probe = BaseField(graphene.String)

    @staticmethod
    def resolve_cd_keys_probe(_root, _info):
        return "joined"

def mount(name="cd_keys_probe"):
    schema.mount(
        queries=Queries,
        mutations=object,
        type_fields={"Order": {name: (BaseField(graphene.String), lambda root, _info: "order")}},
        costs={"Query": {"cdKeysProbe": {"complexity": 1}}},
    )

schema._mounted = False
assert "saleor.graphql.api" not in sys.modules, "The plugin pulled in Saleor's schema."
mount()
mount("twice")
from saleor.graphql.api import schema as built
print(built.execute("{ cdKeysProbe }").data["cdKeysProbe"])
print("cdKeysProbe" in built.get_type("Order").fields, "twice" in built.get_type("Order").fields)
schema._mounted = False
try:
    mount()
except Exception as error:
    print(type(error).__name__)
"""


def test_fields_are_joined_once_and_before_the_schema_is_built():
    """In a process of its own, because a schema is built once."""
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_PROGRAM)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "saleor.tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.splitlines()[-3:] == ["joined", "True False", "ImproperlyConfigured"]


def test_a_schema_that_is_built_already_is_refused(monkeypatch):
    monkeypatch.setattr(schema, "_mounted", False)
    monkeypatch.setitem(sys.modules, "saleor.graphql.api", object())

    with pytest.raises(ImproperlyConfigured, match="too early"):
        schema.mount(queries=object, mutations=object, type_fields={}, costs={})
