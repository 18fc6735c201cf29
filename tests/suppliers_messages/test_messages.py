"""What suppliers tell by themselves: proven, answered at once, worth a question at most."""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid

import pytest
from django.core.cache import cache
from django.utils import timezone

from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.host.urls import PLUGIN_ID
from saleor_cdkeys.intake import supplier_messages
from saleor_cdkeys.models import KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from tests.factories.cdkeys import buy, make_mapping, make_supplier, run

SECRET = "message-secret-4711"
BASE = f"/plugins/global/{PLUGIN_ID}"


@pytest.fixture
def supplier(supplier):
    supplier.sealed_secrets = seal_secrets(
        supplier_uid=supplier.uid, secrets={"message_secret": SECRET}
    )
    supplier.save()
    return supplier


@pytest.fixture
def tell(client, supplier, sandbox):
    """Post a message as the supplier would; nothing may be asked of it meanwhile."""

    def post(message=None, *, secret=SECRET, uid=None, data=None, method="post", **headers):
        asked = len(sandbox.requests)
        answer = getattr(client, method)(
            f"{BASE}/supplier/{uid or supplier.uid}/",
            data=json.dumps(message) if data is None else data,
            content_type="application/json",
            headers={"X-Sandbox-Secret": secret, **headers},
        )
        assert len(sandbox.requests) == asked
        assert answer.content == b""
        return answer.status_code

    return post


@pytest.fixture
def purchase(channel, product, sandbox):
    """An order that the supplier took, and whose keys it will look for only in an hour."""
    sandbox.script.queue([Fault.LATE])
    run(buy(channel=channel, lines=[(product, 1)]))
    later = timezone.now() + dt.timedelta(hours=1)
    KeyOrder.objects.update(next_run_at=later)
    Purchase.objects.update(next_check_at=later)
    return Purchase.objects.get()


@pytest.fixture
def seen(product):
    """The mapping of P1, which was asked for just now."""
    now = timezone.now()
    SupplierMapping.objects.update(seen_at=now, refresh_at=now + dt.timedelta(days=1))
    return SupplierMapping.objects.get()


def _are_due(purchase) -> tuple[bool, bool]:
    purchase.refresh_from_db()
    key_order = KeyOrder.objects.get(pk=purchase.key_order_id)
    now = timezone.now()
    return purchase.next_check_at <= now, key_order.next_run_at <= now


def _is_due(mapping) -> bool:
    mapping.refresh_from_db()
    return mapping.refresh_at <= timezone.now()


class TestOrders:
    def test_an_open_purchase_is_looked_up_at_once(self, tell, purchase):
        assert tell({"order": purchase.supplier_order_id}) == 204
        assert _are_due(purchase) == (True, True)

    def test_and_then_its_keys_are_delivered(self, tell, purchase, sandbox):
        sandbox.shop.late_seconds = 0
        sandbox.stopping.wait(0.4)
        tell({"order": purchase.supplier_order_id})
        (key_order,) = run(_order_of(purchase))
        assert key_order.status == "delivered"

    def test_it_is_known_by_our_reference_too(self, tell, purchase):
        Purchase.objects.update(supplier_order_id="")
        assert tell({"order": "S1", "reference": str(purchase.reference)}) == 204
        assert _are_due(purchase) == (True, True)

    def test_a_worker_that_is_at_it_runs_it_once_more(self, tell, purchase):
        tell({"order": purchase.supplier_order_id})
        assert KeyOrder.objects.get().poked_at is not None

    @pytest.mark.parametrize(
        "message",
        [
            {"order": "unknown"},
            {"order": "", "reference": ""},
            {"order": "x", "reference": "08354892-c095-4402-b671-143d4efd79fc"},
            {"order": "x", "reference": "no uuid"},
            {"order": "x\0"},
            {"order": "x" * 100_000},
        ],
    )
    def test_what_is_no_order_of_ours_is_nothing(self, tell, purchase, message):
        Purchase.objects.update(supplier_order_id="")
        assert tell(message) == 204
        assert _are_due(purchase) == (False, False)

    def test_an_order_of_another_account_is_left_alone(self, tell, purchase, sandbox):
        other = make_supplier(
            name="Other", config={"base_url": sandbox.url}, uid=(uid := uuid.uuid4())
        )
        other.sealed_secrets = seal_secrets(supplier_uid=uid, secrets={"message_secret": SECRET})
        other.save()
        told = {"order": purchase.supplier_order_id, "reference": str(purchase.reference)}
        assert tell(told, uid=other.uid) == 204
        assert _are_due(purchase) == (False, False)

    def test_what_is_clear_already_is_left_alone(self, tell, purchase):
        Purchase.objects.update(status="completed")
        assert tell({"order": purchase.supplier_order_id}) == 204
        assert _are_due(purchase) == (False, False)

    def test_news_from_before_the_order_is_none(self, tell, purchase):
        past = (timezone.now() - dt.timedelta(hours=2)).isoformat()
        assert tell({"order": purchase.supplier_order_id, "updated_at": past}) == 204
        assert _are_due(purchase) == (False, False)


def _order_of(purchase):
    from saleor.order.models import Order

    return Order.objects.get(pk=purchase.key_order.order_id)


class TestProducts:
    def test_its_mappings_are_asked_for_soon(self, tell, seen):
        other = make_mapping(seen.key_product, seen.supplier, "P2")
        later = timezone.now() + dt.timedelta(days=1)
        SupplierMapping.objects.filter(pk=other.pk).update(refresh_at=later)

        assert tell({"products": ["P1", "unmapped"]}) == 204

        assert _is_due(seen)
        assert not _is_due(other)

    @pytest.mark.parametrize(("minutes", "due"), [(-11, False), (-9, True), (0, True)])
    def test_what_was_seen_since_is_not_asked_for_again(self, tell, seen, minutes, due):
        changed = seen.seen_at + dt.timedelta(minutes=minutes)
        assert tell({"products": ["P1"], "updated_at": changed.isoformat()}) == 204
        assert _is_due(seen) is due

    @pytest.mark.parametrize("moment", ["9999-12-31T23:59:59", "yesterday", 7])
    def test_times_that_are_none_do_no_harm(self, tell, seen, moment):
        assert tell({"products": ["P1"], "updated_at": moment}) == 204
        assert _is_due(seen)

    def test_what_is_due_already_keeps_its_turn(self, tell, seen):
        turn = timezone.now() - dt.timedelta(hours=1)
        SupplierMapping.objects.update(refresh_at=turn)
        assert tell({"products": ["P1"]}) == 204
        seen.refresh_from_db()
        assert seen.refresh_at == turn

    def test_no_message_is_about_everything(self, tell, seen, django_assert_max_num_queries):
        ids = [f"X{number}" for number in range(2000)]
        with django_assert_max_num_queries(520):
            assert tell({"products": [*ids, "P1"]}) == 204
        assert not _is_due(seen)


class TestWhatIsNoMessage:
    @pytest.mark.parametrize("secret", ["", "wrong", SECRET.upper(), "ü"])
    def test_a_forged_one_does_nothing(self, tell, purchase, seen, secret):
        assert tell({"order": purchase.supplier_order_id}, secret=secret) == 403
        assert tell({"products": ["P1"]}, secret=secret) == 403
        assert _are_due(purchase) == (False, False)
        assert not _is_due(seen)

    def test_without_a_secret_of_the_account_nobody_is_believed(self, tell, supplier, seen):
        supplier.sealed_secrets = None
        supplier.save()
        assert tell({"products": ["P1"]}) == 403
        assert tell({"products": ["P1"]}, secret="") == 403

    @pytest.mark.parametrize("data", ["", "{", "[]", "null", '{"products": 7}', "\0", "[" * 50_000])
    def test_what_cannot_be_read_is_taken_and_forgotten(self, tell, seen, data):
        assert tell(data=data) == 204
        assert not _is_due(seen)

    @pytest.mark.parametrize(
        "uid", ["nothing", "08354892-c095-4402-b671-143d4efd79fc", "..%2F", "x" * 500]
    )
    def test_an_account_that_is_unknown(self, tell, uid):
        assert tell({}, uid=uid) == 404

    def test_a_supplier_that_sends_none(self, tell, monkeypatch):
        none = SandboxSupplier.capabilities.__class__(order_lookup=True)
        monkeypatch.setattr(SandboxSupplier, "capabilities", none)
        assert tell({"products": ["P1"]}) == 404

    def test_an_account_that_is_not_set_up(self, tell, supplier):
        supplier.config = {}
        supplier.save()
        assert tell({"products": ["P1"]}) == 503

    def test_an_adapter_that_breaks(self, tell, seen, monkeypatch, caplog):
        def breaks(self, *, headers, body):
            raise RuntimeError(SECRET)

        monkeypatch.setattr(SandboxSupplier, "read_message", breaks)
        assert tell({"products": ["P1"]}) == 403
        assert "could not be read: RuntimeError" in caplog.text
        assert SECRET not in caplog.text

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_other_methods(self, tell, method):
        assert tell(data="", method=method) == 405

    def test_one_that_is_too_large(self, tell, seen):
        message = {"products": ["P1"], "more": "x" * supplier_messages.MAX_BODY}
        assert tell(message) == 413
        assert not _is_due(seen)


class TestFloods:
    def test_an_address_that_tells_too_much_has_to_wait(self, tell, seen, monkeypatch):
        limit = supplier_messages.throttle.Limit("test-messages", 0, 60)
        monkeypatch.setattr(supplier_messages, "MESSAGES_PER_ADDRESS", limit)
        assert tell({"products": ["P1"]}) == 429
        assert not _is_due(seen)

    def test_an_address_that_guesses_has_to_wait(self, tell, seen, monkeypatch):
        limit = supplier_messages.throttle.Limit("test-refused", 1, 3600)
        monkeypatch.setattr(supplier_messages, "REFUSED_PER_ADDRESS", limit)
        monkeypatch.setattr("saleor_cdkeys.delivery.throttle._SHARED_ADDRESS_FACTOR", 1)
        assert tell({}, secret="wrong") == 403
        assert tell({"products": ["P1"]}) == 429
        assert not _is_due(seen)
        cache.clear()
        assert tell({"products": ["P1"]}) == 204

    def test_the_log_holds_nothing_of_a_message(self, tell, seen, caplog):
        caplog.set_level(logging.DEBUG)
        tell({"products": ["P1", "told-secret"]})
        tell({"products": ["told-secret"]}, secret="guessed-secret")
        assert SECRET not in caplog.text
        assert "told-secret" not in caplog.text
        assert "guessed-secret" not in caplog.text
