"""Every example of docs/api.md goes through, asked by an app with no more than it needs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saleor_cdkeys.acquisition.stock_import import ImportOptions, Source, import_keys
from saleor_cdkeys.models import Key, KeyOrder, KeyProduct, Supplier, SupplierMapping
from saleor_cdkeys.orders import actions
from saleor_cdkeys.values import SYSTEM, KeyCode
from tests.factories import make_app, make_user, make_variant
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier, run
from tests.graphql.client import Api, global_id
from tests.graphql.mutations.conftest import make_purchase

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
_EXAMPLE = re.compile(r"```graphql\n(.*?)```(?:\n\n```json\n(.*?)```)?", re.DOTALL)
_CURL = re.compile(r"```bash\n(curl .*?)```", re.DOTALL)

ORDERS, PRODUCTS, PLUGINS = (
    "order.manage_orders",
    "product.manage_products",
    "plugins.manage_plugins",
)
#: The name of an example → the permission that it needs.
NEEDS = {
    "SellAsKeys": PRODUCTS,
    "ImportKeys": PRODUCTS,
    "TakeBack": PRODUCTS,
    "FindOrder": ORDERS,
    "WhatWaits": ORDERS,
    "ProcessNow": ORDERS,
    "Hold": ORDERS,
    "EnterKeys": ORDERS,
    "SendAgain": ORDERS,
    "ShowCode": ORDERS,
    "MarkDelivered": ORDERS,
    "ReadAnswer": ORDERS,
    "Decide": ORDERS,
    "WhatAdaptersTake": PLUGINS,
    "Connect": PLUGINS,
    "ReplaceCredential": PLUGINS,
    "Map": PRODUCTS,
    "TryInThisOrder": PRODUCTS,
    "SetChannel": PLUGINS,
    "MyKeys": "",
}


def _name(query: str) -> str:
    found = re.match(r"(?:query|mutation) (\w+)", query)
    assert found, query
    return found[1]


EXAMPLES = {_name(query): (query, variables) for query, variables in _EXAMPLE.findall(PAGE)}


@pytest.fixture
def customer(db):
    return make_user("owner@example.com")


@pytest.fixture
def shop(channel, customer) -> dict[str, dict[str, Any]]:
    """A shop in which the examples can happen: example → the shop's ids in its variables."""
    variant = make_variant(sku="GAME-0", channel=channel)
    product = make_key_product(channel=channel, sku="GAME-1")
    batch = import_keys(
        source=Source.from_text("sku,code\nGAME-1,IN-STOCK-0001"),
        options=ImportOptions(),
        actor=SYSTEM,
    )
    rows = {
        name: _order_of(channel, customer, name, quantity)
        for name, quantity in (("WAITING", 2), ("TYPED", 1), ("DELIVERED", 1), ("BOUGHT", 1))
    }
    for name in ("TYPED", "DELIVERED"):
        code = KeyCode.of_text(f"{name}-CODE-0001")
        actions.enter_keys(key_order_id=rows[name].pk, codes=[code], actor=SYSTEM)
    actions.mark_delivered(key_order_id=rows["DELIVERED"].pk, note="x", actor=SYSTEM)
    supplier = make_supplier(name="Main", config={"base_url": "https://keys.example"})
    mappings = [make_mapping(product, supplier, f"P{n}", position=n - 2) for n in (2, 3)]
    purchase = make_purchase(rows["BOUGHT"], supplier)

    def key_order(name):
        return {"id": global_id("CdKeyOrder", rows[name].pk)}

    unclear = {"id": global_id("CdKeyPurchase", purchase.pk)}
    key_product = global_id("CdKeyProduct", product.pk)
    account = global_id("CdKeySupplier", supplier.pk)
    return {
        "SellAsKeys": {"input": {"variant": global_id("ProductVariant", variant.pk)}},
        "TakeBack": {"batch": global_id("CdKeyBatch", batch.pk)},
        "FindOrder": {"number": rows["TYPED"].order_number},
        "ProcessNow": key_order("WAITING"),
        "Hold": key_order("WAITING"),
        "EnterKeys": key_order("WAITING"),
        "SendAgain": key_order("DELIVERED"),
        "ShowCode": {"id": global_id("CdKey", Key.objects.get(unit__key_order=rows["TYPED"]).pk)},
        "MarkDelivered": key_order("TYPED"),
        "ReadAnswer": unclear,
        "Decide": unclear,
        "ReplaceCredential": {"id": account},
        "Map": {"input": {"keyProduct": key_product, "supplier": account}},
        "TryInThisOrder": {
            "keyProduct": key_product,
            "mappings": [global_id("CdKeySupplierMapping", row.pk) for row in reversed(mappings)],
        },
        "SetChannel": {"channel": global_id("Channel", channel.pk)},
        "MyKeys": {"order": global_id("Order", rows["DELIVERED"].order_id)},
    }


def _order_of(channel, customer, name, quantity):
    product = make_key_product(channel=channel, sku=name, source="manual")
    order = buy(channel=channel, lines=[(product, quantity)], user=customer, email=customer.email)
    return run(order)[0]


def _with_ids(variables: dict[str, Any], ids: dict[str, Any]) -> dict[str, Any]:
    """The variables of the page, with the ids of this shop in place of those there."""
    merged = dict(variables)
    for name, value in ids.items():
        assert name in merged
        merged[name] = _with_ids(merged[name], value) if isinstance(value, dict) else value
    return merged


def test_every_example_is_known():
    assert list(EXAMPLES) == list(NEEDS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_goes_through(shop, customer, name):
    query, text = EXAMPLES[name]
    variables = _with_ids(json.loads(text or "{}"), shop.get(name, {}))
    api = Api(app=make_app([NEEDS[name]])) if NEEDS[name] else Api(user=customer)

    data = api.data(query, variables)

    (result,) = data.values()
    assert result
    if query.startswith("mutation"):
        assert result["errors"] == []


def test_what_the_examples_say_comes_true(shop, customer):
    def run_example(name, **changed):
        query, text = EXAMPLES[name]
        variables = _with_ids(json.loads(text or "{}"), shop.get(name, {}))
        variables.get("input", {}).update(changed)
        api = Api(app=make_app([NEEDS[name]])) if NEEDS[name] else Api(user=customer)
        (result,) = api.data(query, variables).values()
        return result

    run_example("SellAsKeys")
    assert KeyProduct.objects.get(sku="GAME-0").min_margin_percent == 10
    assert run_example("ImportKeys")["cdKeyBatch"] is None
    assert run_example("ImportKeys", preview=False)["cdKeyBatch"]["createdCount"] == 2
    assert run_example("TakeBack")["removedCount"] == 1
    (edge,) = run_example("FindOrder")["edges"]
    assert edge["node"]["units"][0]["key"]["hint"] == "0001"
    waiting = [edge["node"]["productName"] for edge in run_example("WhatWaits")["edges"]]
    assert waiting == ["Game BOUGHT", "Game WAITING"]
    assert run_example("Hold")["cdKeyOrder"]["reason"] == "HELD_BY_STAFF"
    assert run_example("EnterKeys")["cdKeyOrder"]["quantityFulfilled"] == 2
    assert run_example("ShowCode")["code"]["text"] == "TYPED-CODE-0001"
    assert run_example("MarkDelivered")["cdKeyOrder"]["status"] == "DELIVERED"
    assert run_example("ReadAnswer")["answerText"] == '{"k": 1}'
    assert run_example("Decide")["cdKeyPurchase"]["status"] == "REFUSED"
    run_example("Connect")
    run_example("ReplaceCredential")
    assert all(row.sealed_secrets for row in Supplier.objects.all())
    run_example("TryInThisOrder")
    run_example("Map")
    found = SupplierMapping.objects.values_list("supplier_product_id", flat=True)
    assert list(found) == ["P3", "P2", "P1"]
    assert run_example("SetChannel")["cdKeyChannelSettings"]["holdAboveAmount"] == 250
    (line,) = run_example("MyKeys")["cdKeys"]
    assert line["units"][0]["code"] == {"kind": "TEXT", "text": "DELIVERED-CODE-0001"}


def test_the_requests_of_the_command_line_go_through(shop):
    """The bodies that the page gives to curl: a query, and an upload."""
    asked, uploaded = (_curl_body(call) for call in _CURL.findall(PAGE))

    listed = Api(app=make_app([ORDERS])).data(asked["query"])
    answer = Api(app=make_app([PRODUCTS])).upload(
        uploaded["query"],
        uploaded["variables"],
        files={"file": SimpleUploadedFile("keys.csv", b"sku,code\nGAME-1,AAAA-BBBB-CCCC")},
    )

    assert len(listed["cdKeyOrders"]["edges"]) == KeyOrder.objects.filter(status="waiting").count()
    assert answer.errors == []
    assert answer.data["cdKeyImport"]["errors"] == []
    assert answer.data["cdKeyImport"]["cdKeyBatch"]["createdCount"] == 1


def _curl_body(call: str) -> dict[str, Any]:
    found = re.search(r"(?:-d |operations=)'(.*?)'", call, re.DOTALL)
    assert found
    return json.loads(found[1])
