"""Calls of the shared HTTP client, after which neither errors nor logs may tell anything."""

from __future__ import annotations

from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import SupplierError
from saleor_cdkeys.suppliers.http import SupplierClient
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.client.answers import API_KEY, CODE


@pytest.fixture
def call(kept):
    """Read from or buy at an address; what goes wrong must tell nothing."""

    def call(url, verb="buy", **options):
        client = SupplierClient(base_url=url, headers={"X-Api-Key": API_KEY})
        with closing(client):
            if verb == "read":
                return client.read("/orders", keep=kept.append, **options)
            return client.buy("/orders", body={"product": "P1"}, keep=kept.append, **options)

    return call


@pytest.fixture
def failure(call):
    def failure(expected, *args, **options):
        with pytest.raises(SupplierError) as caught:
            call(*args, **options)
        assert type(caught.value) is expected
        assert_tells_nothing(caught.value, [CODE, API_KEY])
        return caught.value

    return failure


@pytest.fixture(autouse=True)
def _logs_nothing(log):
    yield
    said = log.text + "".join(repr(vars(record)) for record in log.records)
    assert API_KEY not in said
    assert CODE not in said
