"""No code, credential or link is in any answer, whoever asks for whatever."""

from __future__ import annotations

import pytest

from saleor_cdkeys.models import KeyAccess
from tests.factories import make_app, make_staff
from tests.graphql.client import Api
from tests.graphql.scene import CODES, ORDERS, PLUGINS, PRODUCTS, SECRET
from tests.graphql.selections import select

EVERYTHING = [
    ORDERS,
    PRODUCTS,
    PLUGINS,
    "account.manage_staff",
    "account.manage_users",
    "app.manage_apps",
]
LISTS = {
    "cdKeyOrders": "CdKeyOrderCountableConnection",
    "cdKeys": "CdKeyCountableConnection",
    "cdKeyBatches": "CdKeyBatchCountableConnection",
    "cdKeyProducts": "CdKeyProductCountableConnection",
    "cdKeySuppliers": "CdKeySupplierCountableConnection",
    "cdKeyAlerts": "CdKeyAlertCountableConnection",
}


@pytest.mark.parametrize("by", ["staff", "app"])
@pytest.mark.parametrize("name", LISTS)
def test_everything_that_can_be_selected_holds_no_secret(scene, name, by):
    api = Api(
        **{"staff": {"user": make_staff(EVERYTHING)}, "app": {"app": make_app(EVERYTHING)}}[by]
    )

    answer = api.post(f"{{ {name}(first: 20) {select(LISTS[name], depth=4)} }}")

    assert answer.errors == []
    assert len(answer.data[name]["edges"]) > 0
    for secret in (*CODES, SECRET, scene.token):
        assert secret not in answer.text
    assert KeyAccess.objects.count() == 0


def test_the_customers_answer_holds_their_delivered_code_and_no_other(scene):
    document = (
        "query($order: ID!) { order(id: $order) { cdKeys { "
        "units { code { kind text fields { name value } data mediaType filename } } } } }"
    )

    answer = Api(user=scene.owner).post(document, scene.variables)

    assert [code in answer.text for code in CODES] == [True, False, False]
    assert scene.token not in answer.text
