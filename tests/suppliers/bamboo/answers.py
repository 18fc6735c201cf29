"""What Bamboo answers: the recorded examples, and what may become of them."""

from __future__ import annotations

import json
import uuid

PRODUCT = "55"
RANGE = "77"
REFERENCE = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
CODE = "AAAAA-BBBBB-CCCCC"
ACCOUNTS = (
    '{"accounts":[{"id":1001,"currency":"EUR","balance":100828.4848,"isActive":true,'
    '"sandboxMode":true}]}'
)
CATALOGUE = """
{"pageIndex": 0, "pageSize": 100, "count": 1, "items": [
 {"internalId": "B1", "name": "Example Store", "countryCode": "DE", "currencyCode": "EUR",
  "logoUrl": "https://…", "products": [
  {"id": 55, "name": "Example Store 10 EUR", "minFaceValue": 10, "maxFaceValue": 10, "count": null,
   "price": {"min": 5.10, "max": 5.10, "currencyCode": "EUR"}}]}]}
"""
ACCEPTED = f'"{REFERENCE}"'


def catalogue_with(**changes) -> str:
    body = json.loads(CATALOGUE)
    body["items"][0]["products"][0] |= changes
    return json.dumps(body)


def card_told(number: int = 1, code: object = CODE, pin: object = "", **changes) -> dict:
    told = {"id": number, "serialNumber": "S", "cardCode": code, "pin": pin, "status": "Sold"}
    return {**told, "expirationDate": "2030-01-01T00:00:00", **changes}


def order_told(*cards: object, status: object = "Succeeded", **changes) -> str:
    item = {
        "productId": 55,
        "productFaceValue": 10,
        "quantity": 2,
        "countryCode": "DE",
        "currencyCode": "EUR",
        "cards": list(cards),
    }
    order = {"orderId": 9, "requestId": str(REFERENCE), "status": status, "errorMessage": None}
    return json.dumps({**order, "items": [item], **changes})


TWO = (card_told(1), card_told(2, "DDDDD-EEEEE-FFFFF"))


def history_row(reference: object = str(REFERENCE), **changes) -> dict:
    told = {"clientReferenceNumber": reference, "total": 10.2, "accountCurrency": "EUR"}
    return {**told, "quantity": 2, "unitPrice": 5.1, **changes}


def history_of(*rows: object) -> str:
    return json.dumps(list(rows))
