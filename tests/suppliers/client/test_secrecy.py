"""What nobody gets to see, and addresses and credentials that cannot be used."""

from __future__ import annotations

import logging

import httpx
import pytest

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import NotSent
from saleor_cdkeys.suppliers.http import SupplierClient
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.client.answers import BODY, CODE
from tests.suppliers.wire import Wire, answer, closed_port


def test_nothing_of_a_call_is_logged(call, log):
    with Wire(answer(BODY, "200 OK", f"Set-Cookie: session={CODE}")) as wire:
        call(wire.url, "read", params={"reference": "hidden"})
        call(wire.url)
    assert [record.name for record in log.records if record.name.startswith("http")] == []


def test_other_calls_of_the_same_process_are_logged_as_ever(call, log):
    with Wire(answer(b"{}")) as wire:
        call(wire.url)
        httpx.get(f"{wire.url}/theirs")
    said = [record for record in log.records if record.name == "httpx"]
    assert [record.levelno for record in said] == [logging.INFO]
    assert "/theirs" in said[0].getMessage()


def test_a_failed_call_leaves_no_quiet_behind(failure, log):
    failure(NotSent, f"http://127.0.0.1:{closed_port()}")
    with Wire(answer(b"{}")) as wire:
        httpx.get(wire.url)
    assert "httpx" in {record.name for record in log.records}


def test_this_machine_is_not_asked_through_a_proxy(call, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with Wire(answer(b"{}")) as wire:
        assert call(wire.url).status == 200
        assert call(wire.url.replace("127.0.0.1", "localhost")).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "supplier.example.com",
        "ftp://supplier.example.com",
        "https://",
        "https://user:secret-4711@supplier.example.com",
        "https://user@supplier.example.com",
        "http://[",
        "http://[::1",
        "http://a..b",
        f"http://{'a' * 64}.example.com",
        "http://white space",
        "http://\x00",
    ],
)
def test_an_address_that_cannot_be_used_is_named(address):
    with pytest.raises(ConfigurationError, match="address") as caught:
        SupplierClient(base_url=address, headers={})
    assert_tells_nothing(caught.value, ["secret-4711"])


@pytest.mark.parametrize("address", ["http://[::1]:1", "https://müller.example", "http://a.b./c"])
def test_an_address_may_have_any_form_that_can_be_looked_up(address):
    SupplierClient(base_url=f" {address} ", headers={}).close()


@pytest.mark.parametrize(
    "credential", ["secret-4711\r\nX-More: 1", "secret-4711\x00", "sécret-4711"]
)
def test_credentials_that_cannot_be_sent_are_not_repeated(credential):
    with pytest.raises(ConfigurationError, match="credentials") as caught:
        SupplierClient(base_url="https://example.com", headers={"X-Api-Key": credential})
    assert_tells_nothing(caught.value, [credential, "cret-4711"])
