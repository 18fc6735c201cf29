"""Who gets an answer to which query."""

from __future__ import annotations

import dataclasses

import pytest

from saleor_cdkeys.graphql.queries import Queries
from saleor_cdkeys.suppliers.registry import adapter_names
from tests.graphql.scene import CALLERS, CODES, call_as


@dataclasses.dataclass(frozen=True)
class Case:
    """A query, who may run it (the last words of callers), and what it tells about ours.

    ``elsewhere`` is what staff get who may do everything, in another channel alone; None where
    channels make no difference.
    """

    name: str
    arguments: str
    selection: str
    allowed: tuple[str, ...]
    expected: object
    elsewhere: object = None

    @property
    def document(self) -> str:
        declared = {
            "$keyOrder": "cdKeyOrder",
            "$keyProduct": "cdKeyProduct",
            "$variant": "cdKeyProduct",
            "$key": "cdKey",
            "$batch": "cdKeyBatch",
            "$supplier": "cdKeySupplier",
            "$channel": "cdKeyChannelSettings",
        }
        names = [name for name in declared if name in self.arguments.split()]
        head = f"query({', '.join(f'{name}: ID!' for name in names)})" if names else "query"
        arguments = f"({self.arguments})" if self.arguments else ""
        return f"{head} {{ {self.name}{arguments} {self.selection} }}"


def listed(value: object) -> dict[str, object]:
    return {"totalCount": 1, "edges": [{"node": value}]}


NONE = {"totalCount": 0, "edges": []}
PAGE = "{ totalCount edges { node { %s } } }"

CASES = (
    Case(
        "cdKeyOrder",
        "id: $keyOrder",
        "{ productName status }",
        ("orders",),
        {"productName": "Game game-1", "status": "PENDING"},
        elsewhere="null",
    ),
    Case(
        "cdKeyOrders",
        "first: 5",
        PAGE % "productName",
        ("orders",),
        listed({"productName": "Game game-1"}),
        elsewhere=NONE,
    ),
    Case(
        "cdKeyOrderPurchasePreview",
        "id: $keyOrder",
        "{ wanted fromStock missing cost { amount } lines { quantity reason } }",
        ("orders",),
        {
            "wanted": 1,
            "fromStock": 1,
            "missing": 0,
            "cost": None,
            "lines": [{"quantity": 0, "reason": "SUPPLIER_ERROR"}],
        },
        elsewhere="null",
    ),
    Case(
        "cdKeyAlerts",
        "first: 5",
        PAGE % "message",
        ("orders",),
        listed({"message": "Somebody must look."}),
        elsewhere=NONE,
    ),
    Case("cdKeyProduct", "id: $keyProduct", "{ sku }", ("products",), {"sku": "game-1"}),
    Case("cdKeyProduct", "variant: $variant", "{ sku }", ("products",), {"sku": "game-1"}),
    Case("cdKeyProducts", "first: 5", PAGE % "sku", ("products",), listed({"sku": "game-1"})),
    Case(
        "cdKeyShopPreview",
        "keyProduct: $keyProduct",
        "{ isChange prices { reason } stock { forSale } }",
        ("products",),
        {"isChange": False, "prices": [], "stock": None},
    ),
    Case(
        "cdKeyShopChanges",
        "first: 5",
        PAGE % "place",
        ("products",),
        listed({"place": "shop-eur"}),
    ),
    Case("cdKey", "id: $key", "{ hint }", ("products",), {"hint": "0001"}),
    Case(
        "cdKeys",
        "first: 5",
        PAGE % "hint",
        ("products",),
        {
            "totalCount": 3,
            "edges": [{"node": {"hint": hint}} for hint in ("0003", "0002", "0001")],
        },
    ),
    Case("cdKeyBatch", "id: $batch", "{ name }", ("products",), {"name": "keys.csv"}),
    Case("cdKeyBatches", "first: 5", PAGE % "name", ("products",), listed({"name": "keys.csv"})),
    Case(
        "cdKeySupplier",
        "id: $supplier",
        "{ name secrets { name isSet } }",
        ("products", "plugins"),
        {
            "name": "Key Wholesale",
            "secrets": [
                {"name": "api_key", "isSet": True},
                {"name": "message_secret", "isSet": False},
            ],
        },
    ),
    Case(
        "cdKeySuppliers",
        "first: 5",
        PAGE % "name",
        ("products", "plugins"),
        listed({"name": "Key Wholesale"}),
    ),
    Case(
        "cdKeySupplierAdapters",
        "",
        "{ name }",
        ("products", "plugins"),
        [{"name": name} for name in adapter_names()],
    ),
    Case(
        "cdKeySupplierMappings",
        "first: 5",
        PAGE % "supplierProductId",
        ("products", "plugins"),
        listed({"supplierProductId": "P1"}),
    ),
    Case(
        "cdKeySupplierCatalogue",
        'supplier: $supplier search: "game"',
        "{ nextPage products { name } problem }",
        ("products",),
        {"nextPage": "", "products": [], "problem": "The supplier could not be reached."},
    ),
    Case(
        "cdKeyExchangeRates",
        "",
        "{ base currency rate isTooOld }",
        ("products", "plugins"),
        [{"base": "EUR", "currency": "USD", "rate": 1.0843, "isTooOld": True}],
    ),
    Case(
        "cdKeyChannelSettings",
        "channel: $channel",
        "{ channel { slug } linkDays }",
        ("plugins",),
        {"channel": {"slug": "shop-eur"}, "linkDays": None},
    ),
)


def test_every_query_has_a_case():
    fields = {name for base in Queries.__mro__[:-1] for name in vars(base) if name[:3] == "cd_"}

    assert {_camel(name) for name in fields} == {case.name for case in CASES}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}({case.arguments})")
def test_who_gets_an_answer(scene, case, caller):
    answer = call_as(caller, scene).post(case.document, scene.variables)

    if caller == "staff elsewhere":
        assert answer.errors == []
        expected = case.expected if case.elsewhere is None else case.elsewhere
        assert answer.data[case.name] == (None if expected == "null" else expected)
    elif caller.split()[-1] in case.allowed and caller.split()[0] in ("staff", "app"):
        assert answer.errors == []
        assert answer.data[case.name] == case.expected
    else:
        assert answer.codes == ["PermissionDenied"]
        assert answer.data[case.name] is None
    assert not any(code in answer.text for code in CODES)


STOCK = """
query($variant: ID!) {
  productVariant(id: $variant, channel: "shop-eur") { cdKeyStock { available assigned waiting } }
}
"""


@pytest.mark.parametrize("caller", CALLERS)
def test_who_sees_the_stock_of_a_variant(scene, caller):
    answer = call_as(caller, scene).post(STOCK, scene.variables)

    variant = answer.data["productVariant"]
    if caller.split()[-1] in ("orders", "products", "elsewhere"):
        assert answer.errors == []
        assert variant == {"cdKeyStock": {"available": 1, "assigned": 0, "waiting": 0}}
    else:
        assert variant == {"cdKeyStock": None}
        assert answer.codes == ["PermissionDenied"]


def test_a_variant_that_is_not_sold_as_keys_has_no_stock_of_keys(scene):
    variables = scene.variables
    scene.product.variant_id += 1000
    scene.product.save()

    data = call_as("staff of products", scene).data(STOCK, variables)

    assert data == {"productVariant": {"cdKeyStock": None}}
