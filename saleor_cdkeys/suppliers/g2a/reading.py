"""What G2A's answers say. Pure; whoever reads with it wraps it in ``readable``."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from saleor_cdkeys.suppliers.base import CatalogueProduct, Quote, SuppliedKey, SupplierOrder
from saleor_cdkeys.suppliers.http import Answer, readable
from saleor_cdkeys.suppliers.media import media_type
from saleor_cdkeys.values import KeyCode, Money

_ERROR = re.compile("(AUTH|BR|PR|ORD|API|ERR)0*([0-9]{1,3})|CTTYPE|WRONGURL")
#: An id that goes into an address as it is.
_ORDER_ID = re.compile("[A-Za-z0-9_-]{1,64}")
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "application/pdf": "pdf",
}
#: Stands between answers that were kept together. No answer holds it.
_BETWEEN = b"\n--- the next answer ---\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Details:
    """An order as it is told. ``status`` is in small letters; ``price`` None where none is told."""

    status: str
    price: Money | None


def error_code(answer: Answer) -> str:
    """G2A's code for what is wrong, ``ORD004`` as ``ORD04``; no other word is repeated."""
    told = answer.body.get("code") if isinstance(answer.body, dict) else None
    match = _ERROR.fullmatch(told.strip().upper()) if isinstance(told, str) else None
    if match is None:
        return ""
    family, number = match.groups()
    return f"{family}{int(number):02d}" if family else match[0]


def read_reserved(body: Mapping[str, Any]) -> SupplierOrder:
    """The order that was just made, with its price as the charge to come."""
    order_id = _id(body["order_id"])
    if not _ORDER_ID.fullmatch(order_id):
        raise ValueError("No id.")
    return SupplierOrder(order_id, (), is_final=False, charged=_price(body))


def read_is_paid(body: Mapping[str, Any]) -> bool:
    return body["status"] is True


def read_details(body: Mapping[str, Any]) -> Details:
    status = _text(body, "status").strip().lower()
    if status == "error":
        raise ValueError("No order.")
    return Details(status=status, price=readable(lambda: _price(body)))


def read_key(body: Mapping[str, Any]) -> SuppliedKey:
    """Raises for an answer without a key."""
    told = body["key"]
    if isinstance(told, int) and not isinstance(told, bool):
        told = str(told)
    if not (isinstance(told, str) and told.strip()):
        raise ValueError("No key.")
    is_file = str(body.get("isFile", "")).lower() in ("true", "1")
    return SuppliedKey(_file(told.strip()) if is_file else KeyCode.of_text(told))


def _file(told: str) -> KeyCode:
    """What a file is sent as is not documented: base64, an address, or the text itself.

    An address is handed on as it is: nobody says who may fetch it, or how often.
    """
    if told.lower().startswith(("https://", "http://")):
        return KeyCode.of_text(told)
    encoded = "".join(told.rpartition("base64,")[2].split())
    data = readable(lambda: base64.b64decode(encoded, validate=True))
    if not data:
        return KeyCode.of_bytes(told.encode(), media_type="text/plain", filename="key.txt")
    media = media_type(data)
    return KeyCode.of_bytes(data, media_type=media, filename=f"key.{_ENDINGS.get(media, 'bin')}")


# --- What was kept -------------------------------------------------------------------------------


def joined(kept: bytes, raw: bytes) -> bytes:
    """What was kept and one answer more; the same is kept once."""
    if not kept or raw in kept:
        return kept or raw
    return kept + _BETWEEN + raw


def kept_key(kept: bytes) -> SuppliedKey | None:
    """The key among the answers that were kept, if one can be read."""
    for answer in _kept_answers(kept):
        key = readable(functools.partial(read_key, answer.body))
        if key is not None:
            return key
    return None


def tells_of_payment(kept: bytes) -> bool:
    """Whether the answers that were kept say, or may say, that the order was paid for."""
    return any(not _says_no(answer) for answer in _kept_answers(kept))


def _kept_answers(kept: bytes) -> list[Answer]:
    contents = kept.split(_BETWEEN) if kept else []
    return [Answer(status=200, retry_after=None, content=content) for content in contents]


def _says_no(answer: Answer) -> bool:
    is_false = isinstance(answer.body, dict) and answer.body.get("status") is False
    return is_false or bool(error_code(answer))


# --- The catalogue -------------------------------------------------------------------------------


def read_product(body: Mapping[str, Any], *, currency: str) -> CatalogueProduct:
    """A product of a list. What of price, stock or date cannot be read is not told."""
    price = readable(lambda: _amount(body["minPrice"]))
    release = readable(lambda: dt.date.fromisoformat(str(body["release_date"])[:10]))
    is_preorder = release is not None and release > timezone.now().date()
    return CatalogueProduct(
        supplier_product_id=_id(body["id"]),
        name=_text(body, "name"),
        platform=str(body.get("platform") or ""),
        region=str(body.get("region") or ""),
        price=None if price is None else Money(price, currency),
        available=0 if body.get("availableToBuy") is False else readable(lambda: _stock(body)),
        is_preorder=is_preorder,
        release_date=release if is_preorder else None,
    )


def read_quote(product: CatalogueProduct) -> Quote:
    """Raises where it has no price."""
    if product.price is None:
        raise ValueError("No price.")
    return Quote(
        supplier_product_id=product.supplier_product_id,
        unit_price=product.price,
        available=product.available,
        is_preorder=product.is_preorder,
        release_date=product.release_date,
    )


def read_page(body: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], int | None]:
    """The products of a page, and how many there are on all pages, if that is told."""
    docs = body["docs"]
    if not (isinstance(docs, list) and all(isinstance(item, dict) for item in docs)):
        raise ValueError("No list of products.")
    return docs, readable(lambda: int(_amount(body["total"])))


def _id(told: Any) -> str:
    if isinstance(told, bool) or not isinstance(told, int | str) or told == "":
        raise ValueError("No id.")
    return str(told)


def _stock(body: Mapping[str, Any]) -> int:
    return int(_amount(body["qty"]))


def _price(body: Mapping[str, Any]) -> Money:
    price = Money(_amount(body["price"]), _text(body, "currency").strip().upper())
    # Whether that is money is for this to say.
    SupplierOrder("", (), is_final=False, charged=price)
    return price


def _text(body: Mapping[str, Any], field: str) -> str:
    text = body[field]
    if not (isinstance(text, str) and text.strip()):
        raise ValueError(field)
    return text


def _amount(told: Any) -> Decimal:
    if isinstance(told, bool) or not isinstance(told, int | Decimal | str):
        raise ValueError("No number.")
    amount = Decimal(told)
    if not amount.is_finite() or amount < 0:
        raise ValueError("No amount.")
    return amount
