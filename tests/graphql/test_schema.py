"""What the schema promises: a text for everything, a cost for what is read, nothing sealed."""

from __future__ import annotations

import pytest
from graphql.type.definition import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
)
from saleor.graphql.query_cost_map import COST_MAP

from saleor_cdkeys.graphql.schema import SENSITIVE
from saleor_cdkeys.models import Delivery, DeliveryLink, Key, Purchase, Supplier

#: Made of columns of their parent, or of memory: nothing is read for them.
_VALUES = {
    "Money",
    "PageInfo",
    "CdKeyCode",
    "CdKeyCodeField",
    "CdKeyMappingImportCount",
    "CdKeyMappingImportRow",
    "CdKeyPriceRule",
    "CdKeyShopPricePreview",
    "CdKeyShopStockPreview",
    "CdKeyShopWarehousePreview",
    "CdKeySupplierSetting",
    "CdKeySupplierAdapterField",
    "CdKeySupplierCapability",
}
#: The fields of Saleor's types that are ours.
_ON_SALEORS_TYPES = {"Order": "cdKeys", "ProductVariant": "cdKeyStock"}


@pytest.fixture(scope="module")
def schema():
    from saleor.graphql.api import schema

    return schema


def ours(schema, kind):
    types = schema.get_type_map().items()
    return {name: t for name, t in types if name.startswith("CdKey") and isinstance(t, kind)}


def our_fields(schema):
    """(type name, field name, field) of all that the plugin adds to what can be read."""
    for name, found in ours(schema, GraphQLObjectType).items():
        for field_name, field in found.fields.items():
            yield name, field_name, field
    for root in (schema.get_query_type(), schema.get_mutation_type()):
        for field_name, field in root.fields.items():
            if field_name.startswith("cdKey"):
                yield root.name, field_name, field
    for name, field_name in _ON_SALEORS_TYPES.items():
        yield name, field_name, schema.get_type(name).fields[field_name]


def is_part_of_a_connection(type_name: str) -> bool:
    return type_name.endswith(("CountableConnection", "CountableEdge"))


def payloads(schema):
    """The types of what mutations give back, whose `errors` are Saleor's."""
    fields = schema.get_mutation_type().fields.values()
    return {get_named_type(field.type).name for field in fields}


def belongs_to_a_mutation(schema, type_name: str) -> bool:
    """Whether it is met below a mutation alone: there, Saleor counts nothing."""
    return type_name in payloads(schema) or type_name.startswith("CdKeyImport")


def test_everything_has_a_description(schema):
    bare = [
        f"{type_name}.{name}"
        for type_name, name, field in our_fields(schema)
        if not field.description
        and not is_part_of_a_connection(type_name)
        and not (type_name in payloads(schema) and name == "errors")
    ]
    for type_name, name, field in our_fields(schema):
        bare += [f"{type_name}.{name}({a})" for a, arg in field.args.items() if not arg.description]
    for name, found in ours(schema, GraphQLObjectType).items():
        bare += [] if found.description or is_part_of_a_connection(name) else [name]
    for name, found in ours(schema, GraphQLInputObjectType).items():
        bare += [] if found.description else [name]
        bare += [f"{name}.{f}" for f, field in found.fields.items() if not field.description]
    for name, found in ours(schema, GraphQLEnumType).items():
        bare += [] if found.description else [name]
        bare += [f"{name}.{value.name}" for value in found.values if not value.description]

    assert bare == []


def test_whatever_is_read_from_the_database_has_a_cost(schema):
    free = [
        f"{type_name}.{name}"
        for type_name, name, field in our_fields(schema)
        if isinstance(get_named_type(field.type), GraphQLObjectType)
        and get_named_type(field.type).name not in _VALUES
        and type_name != schema.get_mutation_type().name
        and not belongs_to_a_mutation(schema, type_name)
        and not is_part_of_a_connection(type_name)
        and name not in COST_MAP.get(type_name, {})
    ]

    assert free == []


def test_what_is_masked_for_saleors_observers_exists(schema):
    for type_name, names in SENSITIVE.items():
        assert names <= set(schema.get_type(type_name).fields)


def test_every_way_to_a_code_is_masked_for_saleors_observers(schema):
    code = schema.get_type("CdKeyCode")

    assert set(code.fields) - SENSITIVE["CdKeyCode"] == {"kind", "mediaType", "filename"}
    assert set(schema.get_type("CdKeyCodeField").fields) - SENSITIVE["CdKeyCodeField"] == {"name"}


@pytest.mark.parametrize(
    "column",
    [
        Key._meta.get_field("sealed"),
        Key._meta.get_field("fingerprint"),
        Purchase._meta.get_field("sealed_answer"),
        Supplier._meta.get_field("sealed_secrets"),
        DeliveryLink._meta.get_field("token_hash"),
        Delivery._meta.get_field("lease_token"),
    ],
    ids=str,
)
def test_no_field_is_named_after_what_is_secret(schema, column):
    words = set(column.name.split("_")) - {"answer", "secrets", "lease"}
    named = [
        f"{type_name}.{name}"
        for type_name, name, _field in our_fields(schema)
        if any(word in name.lower() for word in words)
    ]

    assert named == []


@pytest.mark.real_saleor
def test_saleors_observers_are_told_no_code(schema):
    obfuscation = pytest.importorskip("saleor.webhook.observability.obfuscation")
    data = pytest.importorskip("saleor.webhook.observability.sensitive_data")
    utils = pytest.importorskip("saleor.webhook.observability.utils")
    from graphql import get_default_backend

    def told(text: str) -> object:
        document = get_default_backend().document_from_string(schema, text)
        operation = utils.GraphQLOperationResponse(query=document, result={"data": "all of it"})
        obfuscation.anonymize_gql_operation_response(operation, data.SENSITIVE_GQL_FIELDS)
        return operation.result["data"]

    assert told('{ order(id: "x") { cdKeys { units { code { text } } } } }') == "***"
    fragment = "fragment code on CdKeyUnit { code { kind } }"
    assert told(f'{{ order(id: "x") {{ cdKeys {{ units {{ ...code }} }} }} }} {fragment}') == "***"
    assert told("{ cdKeyOrders(first: 1) { edges { node { units { number } } } } }") == "all of it"
