"""Staff who may do everything, and what they find in the shop."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.utils import timezone

from saleor_cdkeys import bell, vault
from saleor_cdkeys.models import Purchase
from tests.factories import make_staff
from tests.factories.cdkeys import buy, key_orders, make_key_product, run
from tests.graphql.client import Api

EVERYTHING = ("order.manage_orders", "product.manage_products", "plugins.manage_plugins")


@pytest.fixture
def staff(channel):
    return make_staff(EVERYTHING)


@pytest.fixture
def api(staff):
    return Api(user=staff)


@pytest.fixture
def mutate(api):
    """Runs a mutation as staff who may do everything, and gives its payload."""

    def call(document, **variables):
        (payload,) = api.data(document, variables).values()
        return payload

    return call


@pytest.fixture
def refused(mutate):
    """Runs a mutation that must do nothing, and gives the errors as (field, code)."""

    def call(document, **variables):
        before = everything_stored()
        payload = mutate(document, **variables)
        results = {name: value for name, value in payload.items() if name != "errors"}
        assert set(results.values()) == {None}
        assert everything_stored() == before
        return [(error["field"], error["code"]) for error in payload["errors"]]

    return call


@pytest.fixture
def rung(monkeypatch, django_capture_on_commit_callbacks):
    """Calls something, and gives the ids for which it rang: of orders, and of messages."""

    class Recorder:
        def __init__(self):
            self.orders, self.messages = [], []

        def ring(self, order_ids):
            self.orders += order_ids

        def ring_for_mail(self, delivery_ids):
            self.messages += delivery_ids

    def listen(call):
        recorder = Recorder()
        monkeypatch.setattr(bell, "_bell", recorder)
        with django_capture_on_commit_callbacks(execute=True):
            call()
        return recorder.orders, recorder.messages

    return listen


def everything_stored():
    """All rows of the plugin's tables."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("saleor_cdkeys").get_models()
    }


@pytest.fixture
def manual(channel):
    """A key order of two units that waits for staff to type its keys, and its Saleor order."""
    product = make_key_product(channel=channel, sku="manual-1", source="manual")
    order = buy(channel=channel, lines=[(product, 2)])
    (row,) = run(order)
    return row, order


@pytest.fixture
def delivered(channel):
    """A key order that was delivered from stock."""
    product = make_key_product(channel=channel, sku="stock-1", stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    return key_orders(order)[0]


def make_purchase(key_order, supplier, **fields):
    """A purchase of which nobody knows what became of it."""
    fields = {"status": "unknown", "sent_at": timezone.now()} | fields
    purchase = Purchase(
        key_order=key_order,
        supplier=supplier,
        supplier_product_id="P1",
        quantity=1,
        unit_price_amount=5,
        max_unit_price_amount=20,
        currency="EUR",
        **fields,
    )
    purchase.sealed_answer = vault.seal_answer(b'{"k": 1}', reference=purchase.reference)
    purchase.save()
    return purchase
