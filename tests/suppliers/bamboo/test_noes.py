"""Which noes to an order mean that none was made."""

from __future__ import annotations

import json

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    BalanceTooLow,
    Busy,
    OutcomeUnknown,
    OutOfStock,
    Refused,
)
from tests.suppliers.bamboo.account import bought, buy
from tests.suppliers.bamboo.answers import CODE, REFERENCE

NOES = {
    "WrongAccount": AccountProblem,
    "InsufficientBalance": BalanceTooLow,
    "UserNotEnabled": AccountProblem,
    "ClientCatalogNotExist": AccountProblem,
    "InvalidProductIds": Refused,
    "InvalidProduct": Refused,
    "InvalidDenomination": Refused,
    "NoProducts": Refused,
    "CardsLimitExceeded": Refused,
    "ClientPriceInvalid": Refused,
    "ProductIsOutOfStock": OutOfStock,
    "OrderAlreadyExists": OutcomeUnknown,
    "OrderNotFound": OutcomeUnknown,
}


@pytest.mark.parametrize("place", ["message", "reasonCode", "error"])
@pytest.mark.parametrize(("reason", "expected"), NOES.items())
def test_each_reason_means_one_thing_wherever_it_stands(reason, expected, place, noted):
    told = {"message": "Bad request", place: reason}
    error, requests = bought(("400 Bad Request", json.dumps(told)), note=noted.append)
    assert type(error) is expected
    assert error.supplier_code == reason
    assert len(requests) == 1
    assert noted == []


def test_an_order_that_exists_already_is_known_by_our_reference():
    error, _requests = bought(("400 Bad Request", '{"message":"OrderAlreadyExists"}'))
    assert error.supplier_order_id == str(REFERENCE)


@pytest.mark.parametrize(
    ("status", "body", "expected", "supplier_code"),
    [
        (
            "400 Bad Request",
            {"message": f"{CODE}: insufficientbalance.", "code": 1},
            BalanceTooLow,
            "InsufficientBalance",
        ),
        # Where it says both, the order may be there.
        (
            "400 Bad Request",
            {"reasonCode": "InvalidProduct", "message": "OrderAlreadyExists"},
            OutcomeUnknown,
            "OrderAlreadyExists",
        ),
        ("400 Bad Request", {"message": "InvalidProductNumber"}, OutcomeUnknown, "400"),
        ("400 Bad Request", {"title": "InsufficientBalance"}, OutcomeUnknown, "400"),
        ("400 Bad Request", {"message": ["InsufficientBalance"]}, OutcomeUnknown, "400"),
        ("400 Bad Request", "InsufficientBalance", OutcomeUnknown, "400"),
        ("409 Conflict", {"message": CODE}, OutcomeUnknown, "409"),
        ("404 Not Found", {}, OutcomeUnknown, "404"),
        ("403 Forbidden", {"message": CODE}, AccountProblem, "403"),
        ("200 OK", {"message": "InsufficientBalance"}, OutcomeUnknown, ""),
        ("302 Found", {"message": "InsufficientBalance"}, OutcomeUnknown, "302"),
        ("408 Request Timeout", {"message": "InsufficientBalance"}, OutcomeUnknown, "408"),
        ("500 Server Error", {"message": "InsufficientBalance"}, OutcomeUnknown, "500"),
        ("401 Unauthorized", {}, AccountProblem, "401"),
        ("429 Too Many", {}, Busy, "429"),
    ],
)
def test_only_a_no_that_is_known_is_a_no(status, body, expected, supplier_code):
    error, requests = bought((status, json.dumps(body)))
    assert type(error) is expected
    assert error.supplier_code == supplier_code
    assert len(requests) == 1


def test_too_many_cards_are_refused(server, adapter):
    server.most_cards = 1
    with pytest.raises(Refused) as caught:
        buy(adapter, server)
    assert caught.value.supplier_code == "CardsLimitExceeded"
