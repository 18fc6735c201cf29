"""Who may run which mutation, and that whoever may not changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from saleor_cdkeys.acquisition.stock_import import ImportOptions, Source, import_keys
from saleor_cdkeys.graphql.mutations import Mutations
from saleor_cdkeys.models import Key, KeyBatch, KeyOrder, KeyProduct, Supplier, SupplierMapping
from saleor_cdkeys.orders import actions
from saleor_cdkeys.statuses import KeyStatus
from saleor_cdkeys.values import SYSTEM, KeyCode
from tests.factories import make_app, make_channel, make_staff, make_user, make_variant
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier, run
from tests.graphql.client import Answer, Api, global_id
from tests.graphql.mutations import documents
from tests.graphql.mutations.conftest import everything_stored, make_purchase

ORDERS, PRODUCTS, PLUGINS = (
    "order.manage_orders",
    "product.manage_products",
    "plugins.manage_plugins",
)


@dataclasses.dataclass(frozen=True)
class Case:
    """A mutation that goes through in the shop below.

    ``bound``: it touches things of a channel. ``asks``: it stores nothing. ``files``: what comes
    with it, by the path of its variable.
    """

    document: str
    variables: Callable[[], dict[str, Any]]
    permission: str
    bound: bool = False
    asks: bool = False
    files: Mapping[str, bytes] = dataclasses.field(default_factory=dict)

    def send(self, api: Api, document: str | None = None) -> Answer:
        """Ask for it, or for another document with its variables."""
        if not self.files:
            return api.post(document or self.document, self.variables())
        files = {path: SimpleUploadedFile("rates.csv", body) for path, body in self.files.items()}
        return api.upload(document or self.document, self.variables(), files=files)


def _id(row) -> str:
    names = {"KeyProduct": "CdKeyProduct", "Supplier": "CdKeySupplier", "Key": "CdKey"}
    names |= {"SupplierMapping": "CdKeySupplierMapping", "KeyBatch": "CdKeyBatch"}
    names |= {"KeyOrder": "CdKeyOrder", "Purchase": "CdKeyPurchase"}
    return global_id(names[type(row).__name__], row.pk)


def _product(sku="unused"):
    return _id(KeyProduct.objects.get(sku=sku))


def _supplier(name="Unused"):
    return _id(Supplier.objects.get(name=name))


def _mapping():
    return _id(SupplierMapping.objects.first())


def _order(sku):
    return _id(KeyOrder.objects.get(sku=sku))


def _variant():
    from saleor.product.models import ProductVariant

    return global_id("ProductVariant", ProductVariant.objects.get(sku="free").pk)


def _channel():
    return global_id("Channel", KeyOrder.objects.first().channel_id)


def _purchase():
    return _id(KeyOrder.objects.get(sku="bought").purchases.get())


def _key(**where):
    return _id(Key.objects.filter(**where).first())


CASES = {
    "cdKeyProductCreate": Case(
        documents.PRODUCT_CREATE, lambda: {"input": {"variant": _variant()}}, PRODUCTS
    ),
    "cdKeyProductUpdate": Case(
        documents.PRODUCT_UPDATE,
        lambda: {"id": _product(), "input": {"isActive": False}},
        PRODUCTS,
    ),
    "cdKeyProductDelete": Case(documents.PRODUCT_DELETE, lambda: {"id": _product()}, PRODUCTS),
    "cdKeySupplierCreate": Case(
        documents.SUPPLIER_CREATE,
        lambda: {
            "input": {
                "name": "New",
                "adapter": "sandbox",
                "config": [{"name": "base_url", "value": "https://keys.example"}],
            }
        },
        PLUGINS,
    ),
    "cdKeySupplierUpdate": Case(
        documents.SUPPLIER_UPDATE, lambda: {"id": _supplier(), "input": {"name": "Old"}}, PLUGINS
    ),
    "cdKeySupplierDelete": Case(documents.SUPPLIER_DELETE, lambda: {"id": _supplier()}, PLUGINS),
    "cdKeySupplierTest": Case(
        documents.SUPPLIER_TEST, lambda: {"id": _supplier("Bare")}, PLUGINS, asks=True
    ),
    "cdKeySupplierResume": Case(
        documents.SUPPLIER_RESUME, lambda: {"id": _supplier("Paused")}, PLUGINS
    ),
    "cdKeyExchangeRatesSet": Case(
        documents.RATES_SET,
        lambda: {
            "input": {
                "base": "EUR",
                "date": "2026-11-24",
                "rates": [{"currency": "USD", "rate": "1.0843"}],
            }
        },
        PLUGINS,
    ),
    "cdKeyExchangeRatesImport": Case(
        documents.RATES_IMPORT,
        lambda: {"input": {"file": None}},
        PLUGINS,
        files={"input.file": b"currency,rate\nUSD,1.0843\n"},
    ),
    "cdKeySupplierMappingCreate": Case(
        documents.MAPPING_CREATE,
        lambda: {
            "input": {
                "keyProduct": _product(),
                "supplier": _supplier(),
                "supplierProductId": "P9",
            }
        },
        PRODUCTS,
    ),
    "cdKeySupplierMappingUpdate": Case(
        documents.MAPPING_UPDATE,
        lambda: {"id": _mapping(), "input": {"supplierProductId": "P9"}},
        PRODUCTS,
    ),
    "cdKeySupplierMappingDelete": Case(
        documents.MAPPING_DELETE, lambda: {"id": _mapping()}, PRODUCTS
    ),
    "cdKeySupplierMappingAccept": Case(
        documents.MAPPING_ACCEPT, lambda: {"id": _mapping()}, PRODUCTS
    ),
    "cdKeySupplierMappingImport": Case(
        documents.MAPPING_IMPORT,
        lambda: {"file": None, "preview": False},
        PRODUCTS,
        files={"file": b"sku,supplier,supplier_product_id\nunused,Unused,P7\n"},
    ),
    "cdKeySupplierMappingReorder": Case(
        documents.MAPPING_REORDER,
        lambda: {
            "keyProduct": _product("bought"),
            "mappings": [_id(row) for row in SupplierMapping.objects.order_by("-position")],
        },
        PRODUCTS,
    ),
    "cdKeyImport": Case(
        documents.IMPORT, lambda: {"input": {"text": "NEW-CODE-0001", "sku": "unused"}}, PRODUCTS
    ),
    "cdKeyImportUndo": Case(
        documents.IMPORT_UNDO, lambda: {"id": _id(KeyBatch.objects.get())}, PRODUCTS
    ),
    "cdKeyOrderFulfill": Case(
        documents.FULFILL, lambda: {"id": _order("manual")}, ORDERS, bound=True
    ),
    "cdKeyOrderHold": Case(documents.HOLD, lambda: {"id": _order("manual")}, ORDERS, bound=True),
    "cdKeyOrderEnterKeys": Case(
        documents.ENTER_KEYS,
        lambda: {"id": _order("manual"), "input": {"keys": [{"text": "TYPED-CODE-0001"}]}},
        ORDERS,
        bound=True,
    ),
    "cdKeyOrderResend": Case(documents.RESEND, lambda: {"id": _order("typed")}, ORDERS, bound=True),
    "cdKeyOrderMarkDelivered": Case(
        documents.MARK_DELIVERED,
        lambda: {"id": _order("typed"), "note": "by phone"},
        ORDERS,
        bound=True,
    ),
    "cdKeyPurchaseDecide": Case(
        documents.PURCHASE_DECIDE,
        lambda: {"id": _purchase(), "bought": False, "note": "they say so"},
        ORDERS,
        bound=True,
    ),
    "cdKeyPurchaseReveal": Case(
        documents.PURCHASE_REVEAL, lambda: {"id": _purchase()}, ORDERS, bound=True
    ),
    "cdKeyReveal of an order": Case(
        documents.REVEAL,
        lambda: {"id": _key(status=KeyStatus.ASSIGNED)},
        ORDERS,
        bound=True,
    ),
    "cdKeyReveal of the stock": Case(
        documents.REVEAL, lambda: {"id": _key(status=KeyStatus.AVAILABLE)}, PRODUCTS
    ),
    "cdKeyChannelSettingsUpdate": Case(
        documents.CHANNEL_SETTINGS,
        lambda: {"channel": _channel(), "input": {"linkDays": 7}},
        PLUGINS,
        bound=True,
    ),
}


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


@pytest.fixture
def customer(db):
    return make_user("owner@example.com")


@pytest.fixture
def shop(channel, customer):
    """One of each thing that a mutation may be about."""
    make_variant(sku="free", channel=channel)
    unused = make_key_product(channel=channel, sku="unused")
    make_supplier(name="Unused", config={"base_url": "https://keys.example"})
    # Without its settings, nobody is asked.
    make_supplier(name="Bare")
    make_supplier(name="Paused", pause_reason="errors", pause_message="It is down.")
    import_keys(
        source=Source.from_text("STOCK-CODE-0001"),
        options=ImportOptions(key_product_id=unused.pk),
        actor=SYSTEM,
    )
    Key.objects.update(key_product=make_key_product(channel=channel, sku="stocked"))
    for sku, source in (("manual", "manual"), ("typed", "manual"), ("bought", "stock")):
        product = make_key_product(channel=channel, sku=sku, source=source)
        run(buy(channel=channel, lines=[(product, 1)], user=customer, email=customer.email))
    actions.enter_keys(
        key_order_id=KeyOrder.objects.get(sku="typed").pk,
        codes=[KeyCode.of_text("TYPED-CODE-0000")],
        actor=SYSTEM,
    )
    supplier = make_supplier(name="Used")
    make_mapping(product, supplier)
    SupplierMapping.objects.update(
        seen_at=timezone.now(),
        region="Asia",
        agreed={"region": "Europe", "blocked_countries": "", "is_preorder": False},
        flag="region_changed",
    )
    make_mapping(product, supplier, "P2", position=1)
    make_purchase(KeyOrder.objects.get(sku="bought"), supplier)


def _others(permission):
    return [one for one in (ORDERS, PRODUCTS, PLUGINS) if one != permission]


def test_every_mutation_stands_in_the_table():
    fields = [name for name in vars(Mutations) if not name.startswith("__")]

    assert len(fields) == 27
    assert {case.document for case in CASES.values()} == {
        value for name, value in vars(documents).items() if name.isupper() and name[0] != "_"
    }
    assert len({name.split()[0] for name in CASES}) == len(fields)


def test_whoever_lacks_the_permission_changes_nothing(shop, case, customer):
    before = everything_stored()
    for api in (
        Api(),
        Api(user=customer),
        Api(user=make_staff()),
        Api(user=make_staff(_others(case.permission))),
        Api(app=make_app()),
        Api(app=make_app(_others(case.permission))),
    ):
        answer = case.send(api)

        assert answer.codes == ["PermissionDenied"]
        assert set(answer.data.values()) <= {None}
    assert everything_stored() == before


@pytest.mark.parametrize("who", ["staff", "staff of the channel", "app"])
def test_whoever_has_the_permission_goes_through(shop, case, channel, who):
    permissions = [case.permission]
    if who == "app":
        api = Api(app=make_app(permissions))
    else:
        api = Api(user=make_staff(permissions, channels=None if who == "staff" else [channel]))
    before = everything_stored()

    answer = case.send(api, _without_guarded_fields(case))

    assert answer.errors == []
    (payload,) = answer.data.values()
    assert payload["errors"] == []
    assert (everything_stored() != before) is not case.asks


def test_staff_of_another_channel_reach_nothing_of_this_one(shop, case):
    api = Api(user=make_staff([case.permission], channels=[make_channel("other")]))
    before = everything_stored()

    answer = case.send(api, _without_guarded_fields(case))

    if case.bound:
        assert answer.codes == ["PermissionDenied"]
        assert everything_stored() == before
    else:
        assert answer.errors == []
        assert (everything_stored() != before) is not case.asks


def _without_guarded_fields(case):
    """The mutation with its errors alone: what else it answers has permissions of its own."""
    head, _brace, _rest = case.document.partition(") { ")
    name = next(name for name in CASES if CASES[name] is case).split()[0]
    inner = case.document[case.document.index(name) :].partition(")")[0]
    return f"{head}) {{ {inner}) {{ errors {{ field code message }} }} }}"
