"""What CodesWholesale's answers say. Pure; whoever reads with it wraps it in ``readable``."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from django.utils import timezone

from saleor_cdkeys.suppliers.base import (
    CatalogueProduct,
    Quote,
    SuppliedKey,
    is_storable,
)
from saleor_cdkeys.suppliers.http import Answer, readable
from saleor_cdkeys.suppliers.media import media_type
from saleor_cdkeys.values import KeyCode, Money

#: Nothing was sold in the end, and the money was given back.
_CALLED_OFF = frozenset({"cancelled", "canceled", "refunded"})
#: More than this is no price.
_ABSURD = Decimal(10) ** 12
#: No list is cut off after fewer items than this.
_SHORT_LIST = 20
#: More than clocks differ.
_WELL = dt.timedelta(minutes=5)
_ERROR = re.compile("[0-9]{1,6}|[a-z_]{1,32}")
_NO_LETTERS = re.compile("[^a-z]")


class Kind(Enum):
    """What stands behind a code. An UNKNOWN one is never handed out."""

    TEXT = auto()
    IMAGE = auto()
    PREORDER = auto()
    UNKNOWN = auto()


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Code:
    """One code of an order. ``value`` is empty where it is to be read by its id, or not there."""

    id: str
    kind: Kind
    value: str
    filename: str

    def key(self) -> SuppliedKey | None:
        """The key, or None where it is not there yet or is none."""
        return readable(self._key)

    def _key(self) -> SuppliedKey | None:
        if self.kind is Kind.TEXT and self.value.strip():
            return SuppliedKey(KeyCode.of_text(self.value), self.id)
        if self.kind is Kind.IMAGE and self.value.strip():
            # Base64 may come in lines.
            data = base64.b64decode("".join(self.value.split()), validate=True)
            media = media_type(data, filename=self.filename)
            code = KeyCode.of_bytes(data, media_type=media, filename=self.filename)
            return SuppliedKey(code, self.id)
        return None


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Order:
    """An order as it is told. ``reference`` is ours, or empty; ``status`` is in small letters."""

    id: str
    reference: str
    status: str
    total: Decimal | None
    codes: tuple[Code, ...]

    @property
    def is_called_off(self) -> bool:
        return self.status in _CALLED_OFF

    @property
    def has_values(self) -> bool:
        """Whether any code stands in it, which a called-off order should not have."""
        return any(code.value for code in self.codes)

    @property
    def is_completed(self) -> bool:
        return self.status == "completed"

    def charged(self, currency: str) -> Money | None:
        if self.is_called_off and not self.has_values:
            return Money(Decimal(0), currency)
        return None if self.total is None else Money(self.total, currency)


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """An order in the list of orders."""

    id: str
    reference: str
    created: dt.datetime | None


def read_order(body: Mapping[str, Any]) -> Order:
    """Raises where anything is not as it should be, an amount or a code among it."""
    total = body.get("totalPrice")
    return Order(
        id=_text(body, "orderId"),
        reference=str(body.get("clientOrderId") or ""),
        status=str(body.get("status") or "").strip().casefold(),
        total=None if total is None else _amount(total),
        codes=tuple(
            read_code(entry)
            for line in _objects(body.get("products") or [])
            for entry in _objects(line.get("codes") or [])
        ),
    )


def read_code(body: Mapping[str, Any]) -> Code:
    """Raises for an entry that holds neither a code nor an id by which to read one."""
    code = Code(
        id=str(body.get("codeId") or ""),
        kind=_kind(str(body.get("codeType") or body.get("status") or "")),
        value=_optional(body, "code"),
        filename=_optional(body, "filename"),
    )
    if not (code.id or code.value):
        raise ValueError("No code.")
    return code


def _kind(told: str) -> Kind:
    """v3 says CODE_TEXT, CODE_IMAGE, and CODE_PREORDER or PRE_ORDER; v2 "Pre-ordered code"."""
    word = _NO_LETTERS.sub("", told.casefold())
    if "preorder" in word:
        return Kind.PREORDER
    if "image" in word:
        return Kind.IMAGE
    return Kind.TEXT if "text" in word else Kind.UNKNOWN


def without_repeats(keys: Sequence[SuppliedKey]) -> tuple[SuppliedKey, ...]:
    """A code that is told twice under the same id is one; without an id nobody can say so."""
    unique = {(key.supplier_key_id or number, key.code): key for number, key in enumerate(keys)}
    return tuple(unique.values())


def read_list(body: Any) -> tuple[list[Mapping[str, Any]], str]:
    """The items of a page, and the token of the next; empty at the end."""
    if isinstance(body, list):
        return _objects(body), ""
    return _objects(body["items"]), str(body.get("continuationToken") or "")


def read_listed(item: Mapping[str, Any]) -> Listed:
    return Listed(
        id=_text(item, "orderId"),
        reference=str(item.get("clientOrderId") or ""),
        created=readable(lambda: _moment(item["createdOn"])),
    )


def covers(listed: Sequence[Listed], moment: dt.datetime) -> bool:
    """Whether a list of orders surely tells all that were made around a moment.

    Nobody says whether a long list is cut off. A short one is not; of a longer one it is certain
    where it reaches from well before the moment to well after it.
    """
    if len(listed) < _SHORT_LIST:
        return True
    times = [order.created for order in listed if order.created is not None]
    if len(times) < len(listed):
        return False
    return min(times) < moment - _WELL and moment + _WELL < max(times)


def read_quote(body: Mapping[str, Any], *, quantity: int, currency: str) -> Quote:
    """The price is that of the number of keys that can be bought in one order, up to quantity."""
    stock = _count(body["quantity"])
    release = readable(lambda: _release(body))
    is_preorder = release is not None and release > timezone.now()
    is_sold_without_stock = is_preorder and stock < 1
    number = quantity if is_sold_without_stock else max(1, min(quantity, stock))
    return Quote(
        supplier_product_id=_text(body, "productId"),
        unit_price=Money(_price(body["prices"], number), currency),
        available=None if is_sold_without_stock else stock,
        is_preorder=is_preorder,
        release_date=release.date() if release is not None and is_preorder else None,
    )


def read_product(body: Mapping[str, Any], *, currency: str) -> CatalogueProduct:
    """A product of a list. What of price, stock or date cannot be read is not told."""
    release = readable(lambda: _release(body))
    is_preorder = release is not None and release > timezone.now()
    price = readable(lambda: _price(body["prices"], 1))
    return CatalogueProduct(
        supplier_product_id=_text(body, "productId"),
        name=_text(body, "name"),
        platform=str(body.get("platform") or ""),
        region=", ".join(str(region) for region in body.get("regions") or []),
        price=None if price is None else Money(price, currency),
        available=readable(lambda: _count(body["quantity"])),
        is_preorder=is_preorder,
        release_date=release.date() if release is not None and is_preorder else None,
    )


def _price(bands: Sequence[Mapping[str, Any]], number: int) -> Decimal:
    """The price of one where so many are bought. Where bands overlap, the higher one."""
    return max(_amount(band["value"]) for band in bands if _holds(band, number))


def _holds(band: Mapping[str, Any], number: int) -> bool:
    end = band.get("to")
    return _count(band.get("from") or 0) <= number and (end is None or number <= _count(end))


def read_balance(body: Mapping[str, Any]) -> Decimal:
    """What may be spent: money and credit. It may be below zero."""
    if body.get("totalToUse") is not None:
        return _number(body["totalToUse"])
    return _number(body["currentBalance"]) + _number(body.get("currentCredit") or 0)


def error_code(answer: Answer) -> str:
    """The supplier's own word for what is wrong; anything else in that place is not repeated."""
    body = answer.body if isinstance(answer.body, dict) else {}
    told = str(body.get("code") or body.get("error") or "")
    return told if _ERROR.fullmatch(told) else ""


def _objects(items: Any) -> list[Mapping[str, Any]]:
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        raise ValueError("No list of objects.")
    return items


def _text(body: Mapping[str, Any], field: str) -> str:
    text = body[field]
    if not (isinstance(text, str) and text and is_storable(text)):
        raise ValueError(field)
    return text


def _optional(body: Mapping[str, Any], field: str) -> str:
    text = body.get(field)
    if text is not None and not isinstance(text, str):
        raise ValueError(field)
    return text or ""


def _number(told: Any) -> Decimal:
    if isinstance(told, bool) or not isinstance(told, int | Decimal | str):
        raise ValueError("No number.")
    number = Decimal(told)
    if not number.is_finite():
        raise ValueError("No number.")
    return number


def _amount(told: Any) -> Decimal:
    amount = _number(told)
    if not 0 <= amount < _ABSURD:
        raise ValueError("No amount.")
    return amount


def _count(told: Any) -> int:
    return int(_number(told))


def _moment(told: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(told)
    # Their time zone is not documented; every sample is in UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _release(body: Mapping[str, Any]) -> dt.datetime | None:
    told = body.get("releaseDate")
    return _moment(told) if told else None


def product_ids(body: Mapping[str, Any]) -> Iterator[str]:
    """The products that a postback names: in a list, or on top."""
    for item in [body, *_objects(body.get("products") or [])]:
        if item.get("productId"):
            yield _text(item, "productId")
