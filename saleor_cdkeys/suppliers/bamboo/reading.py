"""What Bamboo's answers say. Pure; whoever reads with it wraps it in ``readable``."""

from __future__ import annotations

import dataclasses
import functools
import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from saleor_cdkeys.suppliers.answer import readable
from saleor_cdkeys.suppliers.base import CatalogueProduct, SuppliedKey, is_storable
from saleor_cdkeys.values import KeyCode, Money

#: More than this is no price.
_ABSURD = Decimal(10) ** 12
_PLACES = Decimal("0.0001")
_ARTICLE = re.compile(r"([1-9][0-9]{0,17})(?::([0-9]{1,9}(?:\.[0-9]{1,4})?))?")
_CURRENCY = re.compile("[A-Z]{3}")
_FINAL_FAILURES = frozenset({"failed", "partialfailed"})


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """What a mapping names: a product, and a face value where the product leaves it free."""

    product_id: str
    face_value: Decimal | None

    @classmethod
    def read(cls, text: str) -> Article | None:
        """``55`` or ``55:12.50``; None for anything else."""
        found = _ARTICLE.fullmatch(text)
        if found is None:
            return None
        product_id, face_value = found.groups()
        return cls(product_id, None if face_value is None else Decimal(face_value))


@dataclasses.dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue. ``count`` is None where it is not limited.

    Both face values and both prices are the same where nothing is free to choose.
    """

    id: str
    name: str
    brand: str
    country: str
    faces: tuple[Decimal, Decimal]
    prices: tuple[Decimal, Decimal]
    currency: str
    count: int | None

    @property
    def is_free(self) -> bool:
        return self.faces[0] != self.faces[1]

    def face_value(self, wanted: Decimal | None) -> Decimal | None:
        """The face value to order, or None where the product does not come at the wanted one."""
        low, high = self.faces
        if wanted is None:
            return None if self.is_free else low
        return wanted if low <= wanted <= high else None

    def price(self, face_value: Decimal) -> Money:
        """The price at a face value; between the ends of a range, the most that it may be.

        Bamboo tells the prices at both ends alone. What a unit of face value costs in between is
        taken to be no more than at the dearer end.
        """
        return Money(self._price(face_value), self.currency)

    def _price(self, face_value: Decimal) -> Decimal:
        ends = dict(zip(self.faces, self.prices, strict=True))
        dearest = max(self.prices)
        if not self.is_free:
            return dearest
        if face_value in ends:
            return ends[face_value]
        if self.faces[0] <= 0:
            return dearest
        most = max(price * face_value / face for face, price in ends.items())
        return min(dearest, _rounded_up(most))

    def listed(self, *, as_id: str = "", face_value: Decimal | None = None) -> CatalogueProduct:
        """The product as a list shows it, under the id by which it was asked for."""
        low, high = self.faces
        value = self.face_value(face_value)
        span = f" ({low.normalize():f}–{high.normalize():f})" if value is None else ""
        return CatalogueProduct(
            supplier_product_id=as_id or self.id,
            name=self._full_name() + span,
            platform=self.brand,
            region=self.country,
            price=None if value is None else self.price(value),
            available=self.count,
        )

    def _full_name(self) -> str:
        name, brand = self.name.casefold(), self.brand.casefold()
        if brand in name:
            return self.name
        return self.brand if name in brand else f"{self.brand} {self.name}"


def _rounded_up(amount: Decimal) -> Decimal:
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -4:
        return amount
    return amount.quantize(_PLACES, rounding=ROUND_CEILING)


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page of the catalogue. ``is_whole``: each of its products could be read.

    ``brands``: how many it holds, which is what pages are counted in; ``all_brands``: how many
    there are in all, or None where it does not say.
    """

    products: tuple[Product, ...]
    is_whole: bool
    brands: int
    all_brands: int | None


def read_catalogue(body: Mapping[str, Any]) -> Page:
    """A product that cannot be read does not hide the others."""
    brands = _objects(body["items"])
    items = [(item, brand) for brand in brands for item in _objects(brand.get("products") or [])]
    found = [readable(functools.partial(_product, item, brand)) for item, brand in items]
    products = tuple(product for product in found if product is not None)
    count = body.get("count")
    return Page(
        products,
        is_whole=len(products) == len(found),
        brands=len(brands),
        all_brands=None if count is None else _count(count),
    )


def _product(item: Mapping[str, Any], brand: Mapping[str, Any]) -> Product:
    price = item["price"]
    count = item.get("count")
    brand_name = _text(brand, "name")
    return Product(
        id=_id(item["id"]),
        name=_optional(item, "name") or brand_name,
        brand=brand_name,
        country=str(brand.get("countryCode") or ""),
        faces=(_amount(item["minFaceValue"]), _amount(item["maxFaceValue"])),
        prices=(_amount(price["min"]), _amount(price["max"])),
        currency=_currency(price["currencyCode"]),
        count=None if count is None else _count(count),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Balance:
    """One of the accounts behind the credentials."""

    money: Money
    is_active: bool


def read_accounts(body: Mapping[str, Any]) -> dict[str, Balance]:
    """The accounts by their numbers."""
    return {
        _id(account["id"]): Balance(
            Money(_number(account["balance"]), _currency(account["currency"])),
            is_active=account.get("isActive") is not False,
        )
        for account in _objects(body["accounts"])
    }


def is_accepted(body: Any, *, reference: str) -> bool:
    """Whether an answer takes our order: it gives our reference back, bare or in an object."""
    told = body.values() if isinstance(body, dict) else [body]
    return any(isinstance(text, str) and text.casefold() == reference for text in told)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Order:
    """An order as it is told. ``reference`` is ours; ``status`` is in small letters."""

    reference: str
    status: str
    keys: tuple[SuppliedKey, ...]

    @property
    def is_free(self) -> bool:
        """Whether it failed as a whole, so that nothing was taken."""
        return self.status == "failed" and not self.keys

    def is_final(self, *, quantity: int) -> bool:
        """One that succeeded and lacks cards is not: they are sold, and must be somewhere."""
        has_all = self.status == "succeeded" and len(self.keys) >= quantity
        return has_all or self.status in _FINAL_FAILURES


def read_order(body: Mapping[str, Any]) -> Order:
    """Raises where anything is not as it should be, a code among it."""
    cards = [
        card
        for item in _objects(body.get("items") or [])
        for card in _objects(item.get("cards") or [])
    ]
    keys = [key for card in cards if _is_sold(card) and (key := _key(card)) is not None]
    return Order(
        reference=str(uuid.UUID(_text(body, "requestId"))),
        status=_text(body, "status").strip().casefold(),
        # A card that is told twice under the same id is one.
        keys=tuple({(k.supplier_key_id or n, k.code): k for n, k in enumerate(keys)}.values()),
    )


def _is_sold(card: Mapping[str, Any]) -> bool:
    return str(card.get("status") or "").strip().casefold() == "sold"


def _key(card: Mapping[str, Any]) -> SuppliedKey | None:
    """The key on a card; None where it carries neither code nor PIN yet."""
    code, pin = _optional(card, "cardCode"), _optional(card, "pin")
    card_id = "" if card.get("id") is None else _id(card["id"])
    if code and pin and code != pin:
        return SuppliedKey(KeyCode.of_fields([("code", code), ("pin", pin)]), card_id)
    return SuppliedKey(KeyCode.of_text(code or pin), card_id) if code or pin else None


def read_charge(rows: Any, *, reference: str, currency: str) -> Money | None:
    """What the history of orders says was taken for an order; None where it does not list it.

    Raises where a row is not as it should be, or tells another currency.
    """
    ours = [row for row in _objects(rows) if _reference(row) == reference]
    if any(_currency(row["accountCurrency"]) != currency for row in ours):
        raise ValueError("Another account.")
    return (
        Money(sum((_amount(row["total"]) for row in ours), Decimal(0)), currency) if ours else None
    )


def lists(rows: Any, *, reference: str) -> bool:
    """Whether the history of orders holds an order of ours. Raises where a row cannot be read."""
    return reference in [_reference(row) for row in _objects(rows)]


def _reference(row: Mapping[str, Any]) -> str:
    # Orders made in the portal may have none.
    return str(row["clientReferenceNumber"] or "").strip().casefold()


def _objects(items: Any) -> Sequence[Mapping[str, Any]]:
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        raise ValueError("No list of objects.")
    return items


def _text(body: Mapping[str, Any], field: str) -> str:
    text = body[field]
    if not (isinstance(text, str) and text.strip() and is_storable(text)):
        raise ValueError(field)
    return text


def _optional(body: Mapping[str, Any], field: str) -> str:
    text = body.get(field)
    if text is not None and not isinstance(text, str):
        raise ValueError(field)
    return (text or "").strip()


def _id(told: Any) -> str:
    if isinstance(told, bool) or not isinstance(told, int | str) or not str(told).isdecimal():
        raise ValueError("No id.")
    return str(told)


def _currency(told: Any) -> str:
    if not (isinstance(told, str) and _CURRENCY.fullmatch(told)):
        raise ValueError("No currency.")
    return told


def _number(told: Any) -> Decimal:
    if isinstance(told, bool) or not isinstance(told, int | Decimal):
        raise ValueError("No number.")
    number = Decimal(told)
    if not (number.is_finite() and abs(number) < _ABSURD):
        raise ValueError("No number.")
    return number


def _amount(told: Any) -> Decimal:
    amount = _number(told)
    if amount < 0:
        raise ValueError("No amount.")
    return amount


def _count(told: Any) -> int:
    return int(_number(told))
