"""Finding a supplier's products and what is said of those that are mapped."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.host.urls import PLUGIN_ID
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Listing, Product, SandboxServer, Shop
from tests.factories import make_app
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier
from tests.graphql.client import Api, global_id
from tests.graphql.mutations.documents import MAPPING_CREATE

SEARCH = """
query($supplier: ID!, $search: String!, $page: String) {
  cdKeySupplierCatalogue(supplier: $supplier, search: $search, page: $page) {
    products {
      supplierProductId name platform region price { amount currency } available
      blockedCountries isPreorder releaseDate mappings { keyProduct { sku } }
    }
    nextPage problem
  }
}
"""
MAPPINGS = """
query($filter: CdKeySupplierMappingFilterInput) {
  cdKeySupplierMappings(first: 10, filter: $filter) {
    edges { node {
      supplierProductId price { amount currency } available isPreorder releaseDate region
      blockedCountries flag
    } }
  }
}
"""
ORBIT = Product(
    "P1",
    Decimal("5.10"),
    3,
    Listing("Orbit", "Europe", ["PL", "DE"], is_preorder=True, release_date="2027-03-01"),
)


@pytest.fixture
def server():
    comets = [Product(f"C{n:03d}", Decimal(4), listing=Listing(f"Comet {n}")) for n in range(120)]
    with SandboxServer(Shop([ORBIT, *comets])) as server:
        yield server


@pytest.fixture
def supplier(db, server):
    return make_supplier(name="Keyhouse", config={"base_url": server.url})


@pytest.fixture
def api(db):
    return Api(app=make_app(["product.manage_products"]))


@pytest.fixture
def search(api, supplier):
    def ask(text, page=None):
        supplier_id = global_id("CdKeySupplier", supplier.pk)
        variables = {"supplier": supplier_id, "search": text, "page": page}
        return api.data(SEARCH, variables)["cdKeySupplierCatalogue"]

    return ask


def test_what_is_found_says_whether_it_is_mapped(search, supplier, channel, api):
    product = make_key_product(channel=channel, sku="orbit")
    expected = {
        "supplierProductId": "P1",
        "name": "Orbit",
        "platform": "",
        "region": "Europe",
        "price": {"amount": 5.1, "currency": "EUR"},
        "available": 3,
        "blockedCountries": ["DE", "PL"],
        "isPreorder": True,
        "releaseDate": "2027-03-01",
        "mappings": [],
    }
    assert search("orb") == {"products": [expected], "nextPage": "", "problem": None}

    created = api.data(
        MAPPING_CREATE,
        {
            "input": {
                "keyProduct": global_id("CdKeyProduct", product.pk),
                "supplier": global_id("CdKeySupplier", supplier.pk),
                "supplierProductId": "P1",
            }
        },
    )
    assert created["cdKeySupplierMappingCreate"]["errors"] == []

    (found,) = search("ORBIT")["products"]
    assert found["mappings"] == [{"keyProduct": {"sku": "orbit"}}]


def test_page_by_page(search):
    first = search("comet")
    rest = search("comet", first["nextPage"])
    assert (len(first["products"]), len(rest["products"]), rest["nextPage"]) == (100, 20, "")


def test_a_supplier_that_is_away_is_a_problem_and_no_error(search, supplier):
    Supplier.objects.update(config={"base_url": "http://127.0.0.1:9"})
    assert search("orbit") == {
        "products": [],
        "nextPage": "",
        "problem": "The supplier could not be reached.",
    }


def test_an_adapter_that_breaks_is_one_too(search, supplier, monkeypatch, caplog):
    def breaks(self, *, text, page=""):
        raise KeyError("secret")

    monkeypatch.setattr(SandboxSupplier, "search", breaks)
    assert search("orbit")["problem"] == "The adapter failed while searching (KeyError)."
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("x" * 201, "Search for a part of the name."), ("a\0", "Search for a part of the name.")],
)
def test_what_cannot_be_searched_for(api, supplier, text, complaint):
    supplier_id = global_id("CdKeySupplier", supplier.pk)
    answer = api.post(SEARCH, {"supplier": supplier_id, "search": text})
    assert [error["message"] for error in answer.errors] == [complaint]


def test_no_such_supplier(api):
    supplier_id = global_id("CdKeySupplier", 1)
    answer = api.post(SEARCH, {"supplier": supplier_id, "search": "orbit"})
    assert [error["message"] for error in answer.errors] == ["There is no such supplier."]


def test_a_supplier_without_a_catalogue(api, supplier, monkeypatch):
    none = SandboxSupplier.capabilities.__class__()
    monkeypatch.setattr(SandboxSupplier, "capabilities", none)
    supplier_id = global_id("CdKeySupplier", supplier.pk)
    answer = api.post(SEARCH, {"supplier": supplier_id, "search": "orbit"})
    assert [error["message"] for error in answer.errors] == [
        "This supplier's catalogue cannot be searched. Enter its id of the product."
    ]


@pytest.fixture
def mapped(supplier, channel):
    """Two mappings, of which one leads to a product that there is; refreshed over HTTP."""
    product = make_key_product(channel=channel)
    make_mapping(product, supplier, "P1")
    make_mapping(product, supplier, "gone")
    assert refresh_mappings() == 2


def test_what_the_supplier_said_of_a_mapped_product(api, mapped):
    found = api.data(MAPPINGS, {"filter": {"supplierProductId": "P1"}})["cdKeySupplierMappings"]
    assert found["edges"] == [
        {
            "node": {
                "supplierProductId": "P1",
                "price": {"amount": 5.1, "currency": "EUR"},
                "available": 3,
                "isPreorder": True,
                "releaseDate": "2027-03-01",
                "region": "Europe",
                "blockedCountries": ["DE", "PL"],
                "flag": None,
            }
        }
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"flag": ["VANISHED"]}, ["gone"]),
        ({"flag": ["ABOVE_GUARD"]}, []),
        ({"flag": ["ABOVE_GUARD", "VANISHED"], "isActive": True}, ["gone"]),
        ({"isActive": False}, []),
        ({"supplier": "own"}, ["P1", "gone"]),
        ({"supplier": "other"}, []),
    ],
)
def test_those_that_need_a_look_can_be_listed(api, mapped, supplier, wanted, expected):
    ids = {"own": supplier.pk, "other": supplier.pk + 1}
    if "supplier" in wanted:
        wanted = {"supplier": global_id("CdKeySupplier", ids[wanted["supplier"]])}
    found = api.data(MAPPINGS, {"filter": wanted})["cdKeySupplierMappings"]["edges"]
    assert sorted(edge["node"]["supplierProductId"] for edge in found) == expected


def test_where_messages_go(api, supplier, monkeypatch):
    ask = "query($id: ID!) { cdKeySupplier(id: $id) { messageUrl } }"
    variables = {"id": global_id("CdKeySupplier", supplier.pk)}
    url = api.data(ask, variables)["cdKeySupplier"]["messageUrl"]
    assert url.endswith(f"/plugins/global/{PLUGIN_ID}/supplier/{supplier.uid}/")

    monkeypatch.setattr(SandboxSupplier, "capabilities", SandboxSupplier.capabilities.__class__())
    assert api.data(ask, variables)["cdKeySupplier"]["messageUrl"] is None
    Supplier.objects.update(adapter="gone")
    assert api.data(ask, variables)["cdKeySupplier"]["messageUrl"] is None


def test_what_changes_at_the_supplier_is_read_over_http(mapped, server, supplier):
    later = dt.timedelta(seconds=601)
    server.shop.set_product(Product("P1", Decimal("4.20"), 0, ORBIT.listing))
    supplier.refresh_from_db()
    Supplier.objects.update(changes_due_at=supplier.changes_due_at - later)

    assert refresh_mappings() == 0

    mapping = SupplierMapping.objects.get(supplier_product_id="P1")
    assert (mapping.price_amount, mapping.available) == (Decimal("4.20"), 0)
