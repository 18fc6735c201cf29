"""What merchants enter, and what the adapter says it can do."""

from __future__ import annotations

import pytest

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.bamboo import BambooSupplier
from saleor_cdkeys.suppliers.base import Catalogue, Changes, Returns, Webhooks
from tests.suppliers.bamboo.account import open_adapter


@pytest.mark.parametrize("account_id", ["", "none", "1.5", "-3", "1" * 19, "१२", None])
def test_the_number_of_the_account_is_a_whole_number(account_id):
    with pytest.raises(ConfigurationError):
        open_adapter("http://127.0.0.1:1", account_id=account_id)


def test_a_client_id_with_a_colon_would_be_another():
    with pytest.raises(ConfigurationError):
        BambooSupplier(config={"account_id": "1"}, secrets={"client_id": "a:b"})


def test_it_has_what_it_says_and_no_more(adapter):
    assert isinstance(adapter, Catalogue)
    assert isinstance(adapter, Changes)
    assert isinstance(adapter, Webhooks)
    assert not isinstance(adapter, Returns)
    assert adapter.required == {"account_id", "client_id", "client_secret"}
