"""Frozen values that travel between the steps."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217). Amounts of different currencies never compare."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("Money.amount must be a Decimal")

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise ValueError(f"Cannot mix {self.currency} with {other.currency}")
        return other.amount

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def times(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} {self.currency}"


class CodeKind(StrEnum):
    """What form a code has."""

    TEXT = "text"
    FIELDS = "fields"
    IMAGE = "image"
    FILE = "file"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class KeyCode:
    """One code in clear text. It masks itself wherever it could be printed by accident.

    ``fields`` holds (name, value) pairs such as ("code", …), ("pin", …); ``data`` the bytes of an
    image or file, with ``media_type`` and ``filename``. Use :meth:`reveal_text` and the fields
    only where a person who may see the code is about to see it.
    """

    kind: CodeKind
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    data: bytes = b""
    media_type: str = ""
    filename: str = ""

    @classmethod
    def of_text(cls, text: str) -> KeyCode:
        return cls(kind=CodeKind.TEXT, text=text.strip())

    @classmethod
    def of_fields(cls, fields: dict[str, str] | list[tuple[str, str]]) -> KeyCode:
        pairs = fields.items() if isinstance(fields, dict) else fields
        return cls(kind=CodeKind.FIELDS, fields=tuple((n, v.strip()) for n, v in pairs))

    @classmethod
    def of_bytes(cls, data: bytes, *, media_type: str, filename: str = "") -> KeyCode:
        kind = CodeKind.IMAGE if media_type.startswith("image/") else CodeKind.FILE
        return cls(kind=kind, data=data, media_type=media_type, filename=filename)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be handed to the customer."""
        return not (self.text or self.data or any(value for _, value in self.fields))

    @property
    def hint(self) -> str:
        """What staff lists show: the last four characters, or nothing where four give too much."""
        if self.kind in (CodeKind.IMAGE, CodeKind.FILE):
            return ""
        shown = (
            self.text if self.kind is CodeKind.TEXT else (self.fields[0][1] if self.fields else "")
        )
        return shown[-4:] if len(shown) >= 8 else ""

    def reveal_text(self) -> str:
        """The code as the lines a customer copies; empty for an image or file."""
        if self.kind is CodeKind.TEXT:
            return self.text
        return "\n".join(f"{name}: {value}" for name, value in self.fields)

    def to_bytes(self) -> bytes:
        """The form that is sealed. ``from_bytes`` reads it back."""
        if self.kind is CodeKind.TEXT:
            return b"t" + self.text.encode()
        if self.kind is CodeKind.FIELDS:
            return b"f" + json.dumps(self.fields, ensure_ascii=False).encode()
        header = json.dumps([self.media_type, self.filename], ensure_ascii=False).encode()
        return b"b" + header + b"\n" + self.data

    @classmethod
    def from_bytes(cls, raw: bytes) -> KeyCode:
        tag, body = raw[:1], raw[1:]
        if tag == b"t":
            return cls(kind=CodeKind.TEXT, text=body.decode())
        if tag == b"f":
            return cls.of_fields([(name, value) for name, value in json.loads(body)])
        header, data = body.split(b"\n", 1)
        media_type, filename = json.loads(header)
        return cls.of_bytes(data, media_type=media_type, filename=filename)

    def identity(self) -> bytes:
        """The bytes that make two codes the same code, whatever their file name or field order."""
        if self.kind is CodeKind.TEXT:
            return self.text.encode()
        if self.kind is CodeKind.FIELDS:
            return json.dumps(sorted(self.fields), ensure_ascii=False).encode()
        return self.data

    def __repr__(self) -> str:
        return f"<KeyCode {self.kind.value} ****>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> Any:
        raise TypeError("A code in clear text must not be pickled")


# Whoever takes values apart by their fields, as `dataclasses.asdict` does, must not meet a code.
del KeyCode.__dataclass_fields__


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a staff user, an app, or (both None) the system itself."""

    user_id: int | None = None
    app_id: int | None = None
    ip: str | None = None

    @property
    def is_system(self) -> bool:
        return self.user_id is None and self.app_id is None


SYSTEM = Actor()


@dataclasses.dataclass(frozen=True, slots=True)
class LineSnapshot:
    """One line of a Saleor order, as it was when read."""

    id: uuid.UUID
    variant_id: int | None
    product_name: str
    variant_name: str
    sku: str
    quantity: int
    quantity_fulfilled: int
    unit_price: Money


@dataclasses.dataclass(frozen=True, slots=True)
class OrderStanding:
    """How a Saleor order stood when read, in Saleor's words."""

    status: str
    charge_status: str

    @property
    def is_charged(self) -> bool:
        """Charged in full, or more."""
        return self.charge_status in ("full", "overcharged")

    @property
    def is_open(self) -> bool:
        """Confirmed and not yet completely fulfilled, cancelled, returned or expired."""
        return self.status in ("unfulfilled", "partially fulfilled")

    @property
    def is_called_off(self) -> bool:
        return self.status in ("canceled", "expired")

    @property
    def is_refunded(self) -> bool:
        """Nothing is charged any more. Tells only something about an order that once was."""
        return self.charge_status == "none"


@dataclasses.dataclass(frozen=True, slots=True)
class OrderSnapshot(OrderStanding):
    """One Saleor order as it was when read."""

    id: uuid.UUID
    number: str
    channel_id: int
    channel_slug: str
    user_id: int | None
    email: str
    customer_name: str
    language_code: str
    country: str
    total: Money
    created_at: dt.datetime
    lines: tuple[LineSnapshot, ...]
