"""What CodesWholesale answers: the recorded examples, and what may become of them."""

from __future__ import annotations

import json
import uuid

PRODUCT = "466c805b-ead1-4851-bc4f-9eda242550ad"
OTHER = "0b0f4b6e-6f43-4a4e-9d0e-0f3c1f8a2b11"
REFERENCE = uuid.UUID("4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a")
ORDER_ID = "5afd584c-c0d0-4628-8b8b-e44561f6f1b5"
CODE = "AAAAA-BBBBB-CCCCC"
TOKEN = '{"access_token":"tok-5Cr3t-0815","token_type":"bearer","expires_in":1158}'
PRODUCT_ANSWER = """
{"productId": "466c805b-ead1-4851-bc4f-9eda242550ad", "identifier": "EX-1", "name": "Example Game", "platform": "Steam",
 "quantity": 37, "regions": ["WORLDWIDE"], "regionDescription": null, "languages": ["Multilanguage"], "badges": [],
 "prices": [{"value": 5.30, "from": 1, "to": 9}, {"value": 5.10, "from": 10, "to": null}],
 "images": [{"image": "https://…", "format": "SMALL"}], "releaseDate": "2024-03-01T00:00:00.000Z", "links": []}
"""  # noqa: E501
ORDER_ANSWER = """
{"orderId": "5afd584c-c0d0-4628-8b8b-e44561f6f1b5", "clientOrderId": "4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a", "identifier": "TOGENERATE-99962",
 "totalPrice": 10.60, "createdOn": "2025-07-14T18:05:36.659Z", "status": "Fulfilling",
 "products": [{"productId": "466c805b-ead1-4851-bc4f-9eda242550ad", "name": "Example Game", "unitPrice": 5.30, "codes": [], "links": []}],
 "links": [{"rel": "self", "href": "https://sandbox.codeswholesale.com/v3/orders/4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a"}]}
"""  # noqa: E501


def text_code(number: int, code: str | None = CODE, **changes) -> dict:
    told = {"codeId": f"C{number}", "codeType": "CODE_TEXT", "status": "", "code": code}
    return {**told, "filename": None, "links": [], **changes}


def order_told(*codes: object, **changes) -> str:
    """The recorded order, completed with these codes."""
    order = json.loads(ORDER_ANSWER, parse_float=str)
    order["products"][0]["codes"] = list(codes)
    return json.dumps({**order, "totalPrice": 10.6, "status": "Completed", **changes})


def error_body(status: int, code: object) -> str:
    told = {"status": status, "code": code, "message": CODE}
    return json.dumps({**told, "developerMessage": CODE, "moreInfo": CODE})
