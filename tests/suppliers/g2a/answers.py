"""What G2A answers."""

from __future__ import annotations

from tests.suppliers.asking import says

PRODUCT = "10000068865002"
CODE = "AAAAA-BBBBB-CCCCC"
ORDER = "61792534"


def error_told(code: str, status: str = "400 Bad Request"):
    return says({"status": "ERROR", "message": CODE, "code": code}, status)


RESERVED = {"order_id": ORDER, "price": 4.19, "currency": "EUR"}
PAID = {"status": True, "transaction_id": "T1"}
KEY = {"key": CODE}
NEW = {"status": "new", "price": 4.19, "currency": "EUR"}
COMPLETE = {**NEW, "status": "complete"}
RECORDED = {
    "id": PRODUCT,
    "name": "Example Game",
    "type": "egoods",
    "slug": "/example-game",
    "qty": 12,
    "minPrice": 19.9,
    "retail_min_price": 21.9,
    "region": "GLOBAL",
    "platform": "Steam",
    "categories": [],
    "restrictions": {"pegi_violence": False},
    "requirements": {"minimal": {}, "recommended": {}},
    "videos": [],
    "priceLimit": {"min": 1, "max": 100},
    "availableToBuy": True,
}


def listing(*docs, total: int | None = None):
    return says({"total": len(docs) if total is None else total, "page": 1, "docs": list(docs)})
