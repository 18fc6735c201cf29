"""What a supplier adapter is.

An adapter turns our values into one company's protocol and its answers into ours. It holds no
status, knows no models, retries nothing on buying calls, and logs no body. What a call may raise:

    SupplierError
    ├── NotSent            the request never reached the supplier: nothing was bought
    ├── Refused            a clear no; nothing was bought
    │   ├── OutOfStock     nothing to sell at this moment
    │   │   └── NotReleased    and it is not released yet
    │   ├── PriceTooHigh   nothing to sell at the price we would accept
    │   ├── AccountProblem credentials, blocked: the account, not the product
    │   │   └── BalanceTooLow  not enough money on it
    │   └── Busy           asked too often; it did nothing and says when to come back
    ├── TryLater           busy, rate limited, down; only for calls that buy nothing
    └── OutcomeUnknown     only for buying and looking up: it may or may not have sold

On a buying call everything that is not clearly NotSent or Refused is OutcomeUnknown. An answer
that may hold keys is handed to ``keep`` before it is read, so that it is not lost where reading it
fails.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from django.utils.functional import Promise

from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.values import KeyCode, Money


class SupplierError(CdKeysError):
    """Base. The text is for merchants; ``supplier_code`` is the supplier's own word for it."""

    code = "supplier_error"

    def __init__(self, message: str, *, supplier_code: str = "") -> None:
        super().__init__(message)
        self.supplier_code = supplier_code


class NotSent(SupplierError):
    """The request never reached the supplier."""

    code = "not_sent"


class Refused(SupplierError):
    """A clear no: nothing was bought."""

    code = "refused"


class OutOfStock(Refused):
    """Nothing to sell at this moment."""

    code = "out_of_stock"


class NotReleased(OutOfStock):
    """Nothing to sell at this moment, of what is not released yet. ``release_date``: when it will
    be, where that is known."""

    code = "not_released"

    def __init__(self, message: str, *, release_date: dt.date | None = None) -> None:
        super().__init__(message)
        self.release_date = release_date


class PriceTooHigh(Refused):
    """Nothing to sell at a price that we accept."""

    code = "price_too_high"


class AccountProblem(Refused):
    """Wrong credentials, too little balance, blocked: the account rather than the product."""

    code = "account_problem"


class BalanceTooLow(AccountProblem):
    """Not enough money on the account: nothing is bought there until its balance rose."""

    code = "balance_too_low"


class Busy(Refused):
    """Asked too often: it did nothing. ``retry_after``: seconds to wait, if it says."""

    code = "busy"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, supplier_code="429")
        self.retry_after = retry_after


class TryLater(SupplierError):
    """Busy or down. ``retry_after``: seconds the supplier asked us to wait, if it did."""

    code = "try_later"

    def __init__(
        self, message: str, *, retry_after: float | None = None, supplier_code: str = ""
    ) -> None:
        super().__init__(message, supplier_code=supplier_code)
        self.retry_after = retry_after


class OutcomeUnknown(SupplierError):
    """It may or may not have sold. ``retry_after`` as in TryLater.

    ``supplier_order_id``: the supplier's id of an order that it seems to have made, if it said.
    """

    code = "outcome_unknown"

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        supplier_code: str = "",
        supplier_order_id: str = "",
    ) -> None:
        super().__init__(message, supplier_code=supplier_code)
        self.retry_after = retry_after
        self.supplier_order_id = supplier_order_id


@dataclasses.dataclass(frozen=True, slots=True)
class Capabilities:
    """What a supplier's protocol offers; shown to merchants, and what the plugin may count on."""

    order_lookup: bool = False  # find out what became of an order, with a clear "no such order"
    refuses_repeats: bool = False  # the same reference never buys twice, so says the supplier
    quantity: bool = True  # more than one key in an order
    price_guard: bool = False  # takes a highest price with the order
    balance: bool = False
    catalogue: bool = False  # :class:`Catalogue`
    changes: bool = False  # lists what changed since a moment
    late_keys: bool = False  # an order may be accepted first and filled later
    images: bool = False  # keys may be pictures
    preorders: bool = False
    returns: bool = False  # :class:`Returns`
    webhooks: bool = False  # :class:`Webhooks`


#: More than this is no price, and our columns of money hold no more.
_ABSURD = Decimal(10) ** 12
_CURRENCY = re.compile("[A-Z]{3}")


@dataclasses.dataclass(frozen=True, slots=True)
class Quote:
    """A price that holds at this moment. ``available`` is None where the supplier does not say.

    ``blocked_countries``: where the product cannot be activated (ISO 3166-1 alpha-2).
    ``release_date``: when a pre-order comes out, where it is known. Raises ValueError for a price
    that is none.
    """

    supplier_product_id: str
    unit_price: Money
    available: int | None = None
    blocked_countries: frozenset[str] = frozenset()
    is_preorder: bool = False
    release_date: dt.date | None = None

    def __post_init__(self) -> None:
        _check_money(self.unit_price)


@dataclasses.dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """What to buy. ``max_unit_price`` is the most that may be paid for one key.

    ``not_after``: the request must not leave any more when this has passed, or an order that was
    given up as never sent would be made after all. The adapter hands it to the shared client.
    """

    reference: uuid.UUID
    supplier_product_id: str
    quantity: int
    unit_price: Money
    max_unit_price: Money
    not_after: Deadline | None = None
    allow_preorder: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class OrderQuery:
    """An order that was or may have been made, as far as we know it.

    ``supplier_order_id`` is the supplier's own id, or empty where none was told. ``sent_at``
    (aware) is the moment from which the request may have left. ``kept``: the last answer that was
    kept, or nothing; for suppliers that hand out keys a single time.
    """

    reference: uuid.UUID
    supplier_product_id: str
    quantity: int
    sent_at: dt.datetime
    supplier_order_id: str = ""
    kept: bytes = b""


@dataclasses.dataclass(frozen=True, slots=True)
class SuppliedKey:
    """One key of an answer. ``supplier_key_id`` is the supplier's id for it, or empty.

    Raises ValueError where code or id are no text that can be stored.
    """

    code: KeyCode
    supplier_key_id: str = ""

    def __post_init__(self) -> None:
        _check_text(self.supplier_key_id, self.code.text, self.code.media_type, self.code.filename)
        _check_text(*itertools.chain.from_iterable(self.code.fields))


@dataclasses.dataclass(frozen=True, slots=True)
class SupplierOrder:
    """An order as the supplier tells it, with all its keys so far.

    ``is_final``: no more keys will come, even where they are fewer than ordered: an order that was
    cancelled and not charged is final, without keys, with a charge of 0. An order whose status the
    adapter does not know is not final. ``charged`` is the total that was taken, None where it does
    not say. ``repeated_ids``: the ids of all orders where it made several of our one request, see
    ``repeated.together``. Raises ValueError for an id or a charge that is none.
    """

    supplier_order_id: str
    keys: tuple[SuppliedKey, ...]
    is_final: bool
    charged: Money | None = None
    repeated_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_text(self.supplier_order_id, *self.repeated_ids)
        if self.charged is not None:
            _check_money(self.charged)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 take a text: not everything that JSON can spell."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def _check_text(*texts: str) -> None:
    if not all(is_storable(text) for text in texts):
        raise ValueError("No text that can be stored.")


def _check_money(money: Money) -> None:
    amount = money.amount
    is_price = amount.is_finite() and 0 <= amount < _ABSURD
    if not (is_price and _CURRENCY.fullmatch(money.currency)):
        raise ValueError("No amount of money.")


@dataclasses.dataclass(frozen=True, slots=True)
class CatalogueProduct:
    """A product of a supplier's catalogue. ``region`` and ``platform`` are the supplier's words.

    ``available`` and ``price`` are None where the supplier does not say. Raises ValueError for a
    price that is none.
    """

    supplier_product_id: str
    name: str
    platform: str = ""
    region: str = ""
    price: Money | None = None
    available: int | None = None
    blocked_countries: frozenset[str] = frozenset()
    is_preorder: bool = False
    release_date: dt.date | None = None

    def __post_init__(self) -> None:
        _check_text(self.supplier_product_id, self.name, self.platform, self.region)
        if self.price is not None:
            _check_money(self.price)


@dataclasses.dataclass(frozen=True, slots=True)
class CataloguePage:
    """Some products. ``next_page`` is what to ask for the rest with; empty at the end."""

    products: tuple[CatalogueProduct, ...]
    next_page: str = ""


class HintKind(StrEnum):
    """What a message of a supplier is about."""

    ORDER = "order"
    PRODUCT = "product"
    NONE = "none"


@dataclasses.dataclass(frozen=True, slots=True)
class Hint:
    """What a supplier's message is about: never what is true, but what is worth reading again.

    ``id``: the supplier's id of the order or product. ``reference``: ours, where the message holds
    it. ``updated_at``: when it changed, for leaving out what is older than what is known.
    """

    kind: HintKind
    id: str = ""
    reference: str = ""
    updated_at: dt.datetime | None = None


class ForgedMessage(SupplierError):
    """A message that did not come from the supplier: it does not hold the secret."""

    code = "forged_message"


#: Takes the raw answer of a call that may have brought keys, and keeps it sealed.
KeepAnswer = Callable[[bytes], None]
#: Takes the supplier's id of an order as soon as it is known, and commits it. Where a supplier
#: splits ordering and paying, an adapter calls it before it pays.
NoteOrder = Callable[[str], None]


class SupplierAdapter(Protocol):
    """One account at one supplier, made for one piece of work and closed after it."""

    capabilities: ClassVar[Capabilities]
    #: Settings and secrets: name → what people call it. ``required`` ones must not be empty.
    config_fields: ClassVar[Mapping[str, str | Promise]]
    secret_fields: ClassVar[Mapping[str, str | Promise]]
    required: ClassVar[frozenset[str]]

    def __init__(
        self, *, config: Mapping[str, Any], secrets: Mapping[str, str], account: str = ""
    ) -> None:
        """``account`` names the account among all, for what its workers share (rates, tokens)."""
        ...

    def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
        """Price and stock. Raises OutOfStock, AccountProblem, Refused or TryLater."""
        ...

    def buy(self, request: PurchaseRequest, *, keep: KeepAnswer, note: NoteOrder) -> SupplierOrder:
        """Buy once, never retried here. Raises NotSent, Refused or OutcomeUnknown."""
        ...

    def find_order(self, query: OrderQuery, *, keep: KeepAnswer) -> SupplierOrder | None:
        """The order as it stands; None is a clear "no such order, and none will come".

        It may be asked while the request is still on its way: whoever asks waits for that. Raises
        OutcomeUnknown, TryLater or AccountProblem where the supplier cannot say.
        """
        ...

    def balance(self) -> Money | None:
        """What is left on the account, or None where the supplier does not tell."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


@runtime_checkable
class Catalogue(Protocol):
    """What adapters with ``capabilities.catalogue`` have besides."""

    def search(self, *, text: str, page: str = "") -> CataloguePage:
        """Products whose name holds the text. Raises AccountProblem, Refused or TryLater."""
        ...

    def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
        """Those of these products that there are, in as few calls as the supplier allows.

        Raises AccountProblem or TryLater.
        """
        ...


@runtime_checkable
class Changes(Protocol):
    """What adapters with ``capabilities.changes`` have besides."""

    def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
        """What changed since a moment (aware), its price or stock among it.

        Raises AccountProblem or TryLater.
        """
        ...


@runtime_checkable
class Returns(Protocol):
    """What adapters with ``capabilities.returns`` have besides."""

    def return_order(self, *, supplier_order_id: str) -> None:
        """Ask to take back all keys of an order; the supplier may need time for it.

        Raises Refused, AccountProblem or OutcomeUnknown.
        """
        ...


@runtime_checkable
class Webhooks(Protocol):
    """What adapters with ``capabilities.webhooks`` have besides."""

    def read_message(self, *, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """What a message of the supplier is about. Raises ForgedMessage."""
        ...
