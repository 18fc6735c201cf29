"""From a row of suppliers to its adapter, with credentials that only the adapter sees."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys import vault
from saleor_cdkeys.acquisition.accounts import open_account, read_secrets, seal_secrets
from saleor_cdkeys.errors import ConfigurationError, EncryptionKeyError, SealBroken
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.wire import Wire, answer

SECRET = "account-secret-4711"
QUOTE = b'{"price": "5.10", "currency": "EUR", "stock": 3}'


def _supplier(*, config=None, secrets=None, adapter="sandbox") -> Supplier:
    supplier = Supplier(name="Sandbox", adapter=adapter, config=config or {})
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets=secrets or {})
    return supplier


def test_the_adapter_gets_settings_and_credentials_and_is_closed_in_the_end(log, monkeypatch):
    closed = []
    monkeypatch.setattr(SandboxSupplier, "close", lambda self: closed.append(self))
    with Wire(answer(QUOTE)) as wire:
        supplier = _supplier(config={"base_url": wire.url}, secrets={"api_key": SECRET})
        with open_account(supplier=supplier) as adapter:
            adapter.quote(supplier_product_id="P1", quantity=1)
            assert closed == []

    assert closed == [adapter]
    assert SECRET.encode() in wire.requests[0]
    assert SECRET not in log.text


def test_it_is_closed_where_the_work_fails(monkeypatch):
    closed = []
    monkeypatch.setattr(SandboxSupplier, "close", lambda self: closed.append(self))
    with (
        pytest.raises(LookupError),
        open_account(supplier=_supplier(config={"base_url": "http://127.0.0.1:1"})),
    ):
        raise LookupError
    assert len(closed) == 1


@pytest.mark.parametrize("config", [{}, {"base_url": ""}, {"base_url": "  "}, {"base_url": None}])
def test_a_missing_setting_is_named(config):
    with (
        pytest.raises(ConfigurationError, match="address of the sandbox server") as caught,
        open_account(supplier=_supplier(config=config, secrets={"api_key": SECRET})),
    ):
        pass
    assert "Sandbox" in str(caught.value)
    assert_tells_nothing(caught.value, [SECRET])


def test_a_setting_that_the_adapter_does_not_have_is_named():
    supplier = _supplier(config={"base_url": "http://127.0.0.1:1", "colour": "red"})
    with pytest.raises(ConfigurationError, match="colour"), open_account(supplier=supplier):
        pass


def test_an_adapter_that_is_not_installed_is_named():
    supplier = _supplier(adapter="nonsense")
    with pytest.raises(ConfigurationError, match="nonsense"), open_account(supplier=supplier):
        pass


def test_credentials_do_not_open_in_another_account():
    one = _supplier(secrets={"api_key": SECRET})
    other = Supplier(name="Other", adapter="sandbox", sealed_secrets=one.sealed_secrets)

    with pytest.raises(SealBroken) as caught, open_account(supplier=other):
        pass
    assert_tells_nothing(caught.value, [SECRET])


def test_a_missing_encryption_key_is_named(settings):
    supplier = _supplier(config={"base_url": "http://127.0.0.1:1"}, secrets={"api_key": SECRET})
    settings.CDKEYS_ENCRYPTION_KEYS = f"index:{vault.new_key()},other:{vault.new_key()}"

    with pytest.raises(EncryptionKeyError, match="'k1'") as caught, open_account(supplier=supplier):
        pass
    assert_tells_nothing(caught.value, [SECRET])


def test_credentials_survive_sealing_and_empty_ones_are_none():
    secrets = {"api_key": SECRET, "more": "ü\n", "empty": ""}
    uid = uuid.uuid4()
    sealed = seal_secrets(supplier_uid=uid, secrets=secrets)

    assert SECRET.encode() not in sealed
    assert read_secrets(supplier=Supplier(uid=uid, sealed_secrets=sealed)) == {
        "api_key": SECRET,
        "more": "ü\n",
    }
    assert seal_secrets(supplier_uid=uid, secrets={"empty": ""}) is None
    assert read_secrets(supplier=Supplier(uid=uid)) == {}
