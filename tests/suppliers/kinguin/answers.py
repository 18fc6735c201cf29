"""What Kinguin answers: its documentation's examples, and what may become of them."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal

from saleor_cdkeys.values import Money

P1 = "5c9b68662539a4e8f17ae2fe"
P2 = "5c9b68662539a4e8f17ae2ff"
CODE = "AAAAA-BBBBB-CCCCC"
PRICE = Money(Decimal("5.10"), "EUR")


def as_json(body: object) -> bytes:
    return json.dumps(body).encode()


PRODUCT = {
    "kinguinId": 1949,
    "productId": P1,
    "name": "Example Game",
    "price": 4.19,
    "qty": 2,
    "cheapestOfferId": ["5f7efd272f3a650001f42722"],
    "regionalLimitations": "Europe",
    "countryLimitation": ["RU", "by"],
    "isPreorder": False,
    "releaseDate": "2020-10-07",
}
REFERENCE = uuid.UUID("0d3a2bb1-59c0-4a52-93c1-0f43ad0ae2ff")
ORDER = {
    "orderId": "PAB12CDEF3G",
    "orderExternalId": str(REFERENCE),
    "kinguinOrderId": 123456,
    "status": "processing",
    "storeId": 7,
    "userEmail": "buyer@example.test",
    "createdAt": "2025-07-01T10:00:00+00:00",
    "totalPrice": 8.30,
    "requestTotalPrice": 8.38,
    "paymentPrice": 8.30,
    "totalQty": 2,
    "isPreorder": False,
    "products": [
        {
            "kinguinId": 1949,
            "productId": P1,
            "offerId": "5f7efd272f3a650001f42722",
            "name": "Example Game",
            "qty": 2,
            "price": 4.15,
            "totalPrice": 8.30,
            "requestPrice": 4.19,
            "isPreorder": False,
            "releaseDate": "2020-10-07",
            "keyType": "text",
            "keys": [
                {"id": "67041c31e4d991383ee2a278", "status": "DELIVERED"},
                {"id": "67041c31e4d991383ee2a279", "status": "PROCESSING"},
            ],
        }
    ],
}
KEY = {
    "id": "67041c31e4d991383ee2a278",
    "serial": CODE,
    "type": "text/plain",
    "name": "Example Game",
    "kinguinId": 1949,
    "productId": P1,
    "offerId": "5f7efd272f3a650001f42722",
}
ANONYMOUS_KEY = {**KEY, "id": None}
SECOND_KEY = {**KEY, "id": "67041c31e4d991383ee2a279", "serial": "DDDDD-EEEEE-FFFFF"}


def states(*told: str) -> list[dict]:
    ids = ("67041c31e4d991383ee2a278", "67041c31e4d991383ee2a279")
    keys = [{"id": key, "status": state} for key, state in zip(ids, told, strict=False)]
    return [{**ORDER["products"][0], "keys": keys}]


BAD_KEY = {
    "kind": "Authorization",
    "status": 401,
    "type": "Unauthorized",
    "detail": "Invalid authentication data.",
}


def error_body(kind: str, **fields) -> dict:
    return {"kind": kind, "status": 400, "title": "Bad Request", "detail": CODE, **fields}
