"""What Kinguin's answers say. Pure; whoever reads with it wraps it in ``readable``."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.base import CatalogueProduct, Quote, SuppliedKey, is_storable
from saleor_cdkeys.suppliers.http import readable
from saleor_cdkeys.values import KeyCode, Money

#: All amounts are in euros.
EUR = "EUR"
#: More keys are not sold in one order of a product, leaving out wholesale.
MOST_KEYS = 9

#: Nothing was sold in the end, and the money was given back.
_CALLED_OFF = frozenset({"canceled", "refunded"})
#: Keys that the buyer does not have, or has no more.
_GONE = frozenset({"RETURNED", "REFUNDED", "CANCELED"})
_IMAGES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


@dataclasses.dataclass(frozen=True, slots=True)
class Product:
    """A product under both of its ids. ``price`` and ``stock`` are those of the cheapest offers."""

    kinguin_id: str
    product_id: str
    name: str
    platform: str
    region: str
    price: Money | None
    stock: int | None
    blocked_countries: frozenset[str]
    is_preorder: bool
    release_date: dt.date | None

    @property
    def ids(self) -> tuple[str, str]:
        return self.product_id, self.kinguin_id

    def quote(self, known_as: str) -> Quote:
        """Raises where it has no price."""
        if self.price is None:
            raise ValueError("No price.")
        return Quote(
            supplier_product_id=known_as,
            unit_price=self.price,
            available=None if self.stock is None else min(self.stock, MOST_KEYS),
            blocked_countries=self.blocked_countries,
            is_preorder=self.is_preorder,
            release_date=self.release_date,
        )

    def entry(self, known_as: str) -> CatalogueProduct:
        return CatalogueProduct(
            supplier_product_id=known_as,
            name=self.name,
            platform=self.platform,
            region=self.region,
            price=self.price,
            available=self.stock,
            blocked_countries=self.blocked_countries,
            is_preorder=self.is_preorder,
            release_date=self.release_date,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """An order as it is told, without its keys.

    ``reference`` is ours, or empty; ``quantity`` None where it is not told; ``states`` what is told
    of its keys, by their ids.
    """

    id: str
    reference: str
    status: str
    created: dt.datetime | None
    quantity: int | None
    paid: Money | None
    states: Mapping[str, str]

    @property
    def is_called_off(self) -> bool:
        return self.status in _CALLED_OFF

    @property
    def is_completed(self) -> bool:
        return self.status == "completed"

    @property
    def has_delivered(self) -> bool:
        """Whether the buyer has any key, which a called-off order should not have left him."""
        return "DELIVERED" in self.states.values()

    def is_gone(self, key_id: str) -> bool:
        return self.states.get(key_id) in _GONE

    def expected(self, ordered: int) -> int:
        """How many keys there are when all are there. ``ordered``: how many we think we did."""
        gone = sum(self.is_gone(key_id) for key_id in self.states)
        return (self.quantity or ordered) - gone


# --- Products ------------------------------------------------------------------------------------


def read_product(body: Mapping[str, Any]) -> Product:
    """Raises for one without ids or name, and for limits that cannot be read."""
    is_preorder = _is_preorder(body)
    price = readable(lambda: Money(_amount(body["price"]), EUR))
    product_id, kinguin_id = product_ids(body)
    return Product(
        kinguin_id=kinguin_id,
        product_id=product_id,
        name=_text(body, "name"),
        platform=str(body.get("platform") or ""),
        region=str(body.get("regionalLimitations") or ""),
        price=price,
        stock=readable(lambda: _whole(body["qty"])),
        blocked_countries=frozenset(_countries(body.get("countryLimitation") or [])),
        is_preorder=is_preorder,
        release_date=readable(lambda: _day(body["releaseDate"])) if is_preorder else None,
    )


def product_ids(body: Mapping[str, Any]) -> tuple[str, str]:
    return _text(body, "productId").lower(), str(_whole(body["kinguinId"]))


def _is_preorder(body: Mapping[str, Any]) -> bool:
    """Also where only the offer is one that would be bought: those at the lowest price."""
    cheapest = body.get("cheapestOfferId") or []
    return bool(body.get("isPreorder")) or any(
        offer.get("isPreorder") and offer.get("offerId") in cheapest
        for offer in body.get("offers") or []
    )


def _countries(told: Any) -> list[str]:
    if not (isinstance(told, list) and all(isinstance(country, str) for country in told)):
        raise ValueError("No countries.")
    return [country.strip().upper() for country in told]


def read_page(body: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], int]:
    """The items of a page, and how many there are on all pages."""
    return objects(body["results"]), _whole(body["item_count"])


def read_balance(body: Mapping[str, Any]) -> Money:
    return Money(_number(body["balance"]), EUR)


# --- Orders and keys -----------------------------------------------------------------------------


def read_order(body: Mapping[str, Any]) -> Order:
    """Raises for one without an id. An amount or a time that cannot be read is not told."""
    return Order(
        id=order_id(body),
        reference=str(body.get("orderExternalId") or ""),
        status=str(body.get("status") or "").strip().lower(),
        created=readable(lambda: moment(body["createdAt"])),
        quantity=readable(lambda: _quantity(body)),
        paid=readable(lambda: _paid(body)),
        states=_states(body),
    )


def order_id(body: Mapping[str, Any]) -> str:
    return _text(body, "orderId")


def _lines(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Several of them may be for one product, where it came from several offers."""
    return objects(body.get("products") or [])


def _quantity(body: Mapping[str, Any]) -> int | None:
    return sum(_whole(line["qty"]) for line in _lines(body)) or None


def _paid(body: Mapping[str, Any]) -> Money:
    """What the balance was charged: a number or its text."""
    told = body.get("paymentPrice")
    return Money(_amount(body["totalPrice"] if told is None else told), EUR)


def _states(body: Mapping[str, Any]) -> dict[str, str]:
    keys = [key for line in _lines(body) for key in objects(line.get("keys") or [])]
    return {_text(key, "id"): str(key.get("status") or "").strip().upper() for key in keys}


def read_key(item: Mapping[str, Any]) -> SuppliedKey:
    """Raises for one without a code, or in a form that is not known."""
    serial, form = _text(item, "serial"), str(item.get("type") or "").strip().lower()
    key_id = str(item.get("id") or "")
    if form == "text/plain":
        return SuppliedKey(KeyCode.of_text(serial), key_id)
    data = base64.b64decode("".join(serial.split()), validate=True)
    filename = f"key.{_IMAGES[form]}"
    return SuppliedKey(KeyCode.of_bytes(data, media_type=form, filename=filename), key_id)


# --- Values --------------------------------------------------------------------------------------


def objects(items: Any) -> list[Mapping[str, Any]]:
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        raise ValueError("No list of objects.")
    return items


def moment(told: Any) -> dt.datetime:
    found = dt.datetime.fromisoformat(told)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _day(told: Any) -> dt.date:
    return dt.date.fromisoformat(told[:10])


def _text(body: Mapping[str, Any], field: str) -> str:
    text = body[field]
    if not (isinstance(text, str) and text.strip() and is_storable(text)):
        raise ValueError(field)
    return text


def _number(told: Any) -> Decimal:
    if isinstance(told, bool) or not isinstance(told, int | Decimal | str):
        raise ValueError("No number.")
    number = Decimal(told)
    if not number.is_finite():
        raise ValueError("No number.")
    return number


def _amount(told: Any) -> Decimal:
    amount = _number(told)
    if not 0 <= amount < Decimal(10) ** 12:
        raise ValueError("No amount.")
    return amount


def _whole(told: Any) -> int:
    number = _amount(told)
    if number != int(number):
        raise ValueError("No whole number.")
    return int(number)
