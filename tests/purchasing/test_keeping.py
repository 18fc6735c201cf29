"""An answer that holds keys is kept even where the database is away for a moment."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction

from saleor_cdkeys.acquisition.purchasing import journal
from saleor_cdkeys.models import Purchase
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier, run

ANSWER = b'{"key": "AAAAA-BBBBB"}'


@pytest.fixture
def purchase(channel, sandbox):
    product = make_key_product(channel=channel, source="suppliers", price="20.00")
    make_mapping(product, make_supplier(config={"base_url": sandbox.url}), "P1")
    run(buy(channel=channel, lines=[(product, 1)]))
    return Purchase.objects.get()


def _away(times: int):
    """The database refuses so many updates of purchases."""
    refused = []

    def wrapper(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and "purchase" in sql and len(refused) < times:
            refused.append(sql)
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


@pytest.fixture(autouse=True)
def _haste(monkeypatch, settings):
    settings.CDKEYS_SUPPLIER_TIMEOUT = 0.4
    monkeypatch.setattr(journal, "_WAITS", (0.0, 0.0, 0.0))


@pytest.mark.django_db(transaction=True)
def test_a_database_that_comes_back_has_it(purchase):
    with _away(3):
        journal.keep_answer(purchase=purchase, raw=ANSWER)

    purchase.refresh_from_db()
    assert journal.kept_answer(purchase=purchase) == ANSWER


@pytest.mark.django_db(transaction=True)
def test_one_that_stays_away_is_an_error(purchase):
    with _away(4), pytest.raises(OperationalError):
        journal.keep_answer(purchase=purchase, raw=ANSWER)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_broke_is_not_gone_on_with(purchase):
    with _away(1), pytest.raises(OperationalError), transaction.atomic():
        journal.keep_answer(purchase=purchase, raw=ANSWER)
