"""What every adapter must do, whatever its supplier speaks. It needs pytest and pytest-django.

A new adapter inherits :class:`SupplierContract` and gives it a :class:`Stage`: its adapter in front
of a fake supplier that is asked over real HTTP, and that knows what it really sold. The docs page
"Write your own supplier" shows one.
"""

from __future__ import annotations

import base64
import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any, Protocol

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    NotSent,
    OrderQuery,
    OutcomeUnknown,
    OutOfStock,
    PriceTooHigh,
    PurchaseRequest,
    Refused,
    SupplierAdapter,
    SupplierError,
    SupplierOrder,
    TryLater,
)
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.values import CodeKind, KeyCode, Money

PRICE = Money(Decimal("5.10"), "EUR")

#: Nothing is sold, and the adapter must see that it is a clear no.
CLEAR_NOES: Mapping[Fault, type[Refused]] = {
    Fault.NO_STOCK: OutOfStock,
    Fault.NO_BALANCE: AccountProblem,
    Fault.WRONG_CREDENTIALS: AccountProblem,
    Fault.PRICE_RISES: PriceTooHigh,
    Fault.BUSY: Busy,
}
#: The buyer cannot tell whether it was sold: it was not, or it was.
UNSOLD = (Fault.TIMEOUT_BEFORE, Fault.DROP_BEFORE, Fault.ERROR_BEFORE, Fault.DOWN_BEFORE)
SOLD = (
    *(Fault.TIMEOUT_AFTER, Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DOWN_AFTER),
    *(Fault.GARBAGE, Fault.CUT_OFF, Fault.UNREADABLE),
)
#: Answers of these arrive, so they are kept even though they cannot be read.
KEPT_UNREAD = (Fault.CUT_OFF, Fault.UNREADABLE)


class Stage:
    """An adapter in front of a supplier that sells ``product`` for 5.10 EUR each.

    Inherit it, and set what differs. A fault that is not in ``faults`` cannot happen in the
    supplier's protocol; its tests are skipped.
    """

    product: str
    unknown_product: str
    #: What must never be seen: credentials.
    secrets: tuple[str, ...]
    faults: frozenset[Fault] = frozenset(Fault)
    #: The error of a clear no, where the supplier's words tell less than the fault does.
    clear_noes: Mapping[Fault, type[Refused]] = {}
    #: Whether the answer to an order holds the keys, rather than one to a second question.
    keys_in_answer = True
    #: Whether it makes another order of a reference that it knows, and lists both under it.
    repeats = False
    #: How long after it was sent an order that is not found is clearly none.
    clear_after = dt.timedelta(seconds=1)

    def adapter(self) -> SupplierAdapter:
        raise NotImplementedError

    def adapter_with_wrong_credentials(self) -> SupplierAdapter:
        raise NotImplementedError

    def adapter_that_reaches_nobody(self) -> SupplierAdapter:
        raise NotImplementedError

    def will(self, *faults: Fault | None) -> None:
        """What the next orders meet."""
        raise NotImplementedError

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        """What the next calls of that sort meet."""
        raise NotImplementedError

    def set_stock(self, stock: int) -> None:
        raise NotImplementedError

    def set_price(self, price: str) -> None:
        raise NotImplementedError

    def noted(self, reference: uuid.UUID, supplier_order_id: str) -> None:
        """The adapter told the supplier's id of an order with our reference."""

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        """The codes of the order with that reference, also those not handed out yet."""
        raise NotImplementedError

    def orders_sold(self) -> list[uuid.UUID]:
        """The references of all that was sold and has to be paid for."""
        raise NotImplementedError


class Buy(Protocol):
    """Buys at the stage's supplier as a worker would."""

    def __call__(
        self,
        *,
        quantity: int = 1,
        reference: uuid.UUID | None = None,
        highest: str = "20",
        by: SupplierAdapter | None = None,
        product: str | None = None,
        not_after: Deadline | None = None,
    ) -> SupplierOrder: ...


class Find(Protocol):
    """Looks an order up that was bought with :class:`Buy`, or never."""

    def __call__(
        self, reference: uuid.UUID, *, by: SupplierAdapter | None = None
    ) -> SupplierOrder | None: ...


#: Calls something that must raise, and gives the error back if it tells nothing.
Refusal = Callable[..., Any]


class SupplierContract:
    """The suite. It is not collected itself: pytest takes classes whose name begins with Test."""

    @pytest.fixture
    def stage(self) -> Stage:
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _haste(self, settings: Any) -> None:
        """Nobody waits long here."""
        settings.CDKEYS_SUPPLIER_TIMEOUT = 0.5
        settings.CDKEYS_SUPPLIER_CONNECT_TIMEOUT = 0.5

    @pytest.fixture
    def adapter(self, stage: Stage) -> Iterator[SupplierAdapter]:
        with closing(stage.adapter()) as adapter:
            yield adapter

    @pytest.fixture
    def kept(self) -> list[bytes]:
        return []

    @pytest.fixture
    def ids(self) -> dict[uuid.UUID, str]:
        """The supplier's ids of orders, as they were told before anything was paid for."""
        return {}

    @pytest.fixture
    def buy(
        self,
        stage: Stage,
        adapter: SupplierAdapter,
        kept: list[bytes],
        ids: dict[uuid.UUID, str],
    ) -> Buy:
        usual = adapter

        def buy(
            *,
            quantity: int = 1,
            reference: uuid.UUID | None = None,
            highest: str = "20",
            by: SupplierAdapter | None = None,
            product: str | None = None,
            not_after: Deadline | None = None,
        ) -> SupplierOrder:
            reference = reference or uuid.uuid4()

            def note(supplier_order_id: str) -> None:
                ids[reference] = supplier_order_id
                stage.noted(reference, supplier_order_id)

            request = PurchaseRequest(
                reference=reference,
                supplier_product_id=product or stage.product,
                quantity=quantity,
                unit_price=PRICE,
                max_unit_price=Money(Decimal(highest), "EUR"),
                not_after=not_after,
            )
            return (by or usual).buy(request, keep=kept.append, note=note)

        return buy

    @pytest.fixture
    def find(
        self,
        stage: Stage,
        adapter: SupplierAdapter,
        kept: list[bytes],
        ids: dict[uuid.UUID, str],
    ) -> Find:
        usual = adapter

        def find(
            reference: uuid.UUID, *, by: SupplierAdapter | None = None
        ) -> SupplierOrder | None:
            query = OrderQuery(
                reference=reference,
                supplier_product_id=stage.product,
                quantity=1,
                sent_at=dt.datetime.now(dt.UTC) - stage.clear_after,
                supplier_order_id=ids.get(reference, ""),
            )
            return (by or usual).find_order(query, keep=kept.append)

        return find

    @pytest.fixture
    def refusal(self, stage: Stage) -> Refusal:
        def refusal(
            expected: type[SupplierError], call: Callable[..., Any], *args: Any, **kwargs: Any
        ) -> SupplierError:
            with pytest.raises(SupplierError) as caught:
                call(*args, **kwargs)
            assert type(caught.value) is expected
            assert_tells_nothing(caught.value, [*stage.secrets, *_all_codes(stage)])
            assert str(caught.value)
            return caught.value

        return refusal

    @pytest.fixture(autouse=True)
    def _tells_nothing(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
        caplog.set_level(logging.DEBUG)
        for name in ("httpx", "httpcore", "saleor_cdkeys"):
            caplog.set_level(logging.DEBUG, logger=name)
        yield
        said = caplog.text + "".join(repr(vars(record)) for record in caplog.records)
        assert [text for text in (*stage.secrets, *_all_codes(stage)) if text in said] == []
        assert [r.name for r in caplog.records if r.name.startswith(("httpx", "httpcore"))] == []

    # --- Asking for a price ----------------------------------------------------------------------

    def test_a_quote_is_exact(self, stage: Stage, adapter: SupplierAdapter) -> None:
        quote = adapter.quote(supplier_product_id=stage.product, quantity=1)

        assert quote.supplier_product_id == stage.product
        assert quote.unit_price == PRICE
        assert isinstance(quote.unit_price.amount, Decimal)

    @pytest.mark.parametrize("price", ["0.1", "0.30", "19.9999", "12345678.9"])
    def test_a_price_is_never_rounded(
        self, stage: Stage, adapter: SupplierAdapter, price: str
    ) -> None:
        stage.set_price(price)
        quote = adapter.quote(supplier_product_id=stage.product, quantity=1)
        assert quote.unit_price.amount == Decimal(price)

    def test_a_quote_tells_the_stock_or_nothing_of_it(
        self, stage: Stage, adapter: SupplierAdapter
    ) -> None:
        stage.set_stock(3)
        quote = adapter.quote(supplier_product_id=stage.product, quantity=5)
        assert quote.available in (3, None)

    def test_what_is_sold_out_is_out_of_stock(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal
    ) -> None:
        stage.set_stock(0)
        refusal(OutOfStock, adapter.quote, supplier_product_id=stage.product, quantity=1)

    def test_an_unknown_product_is_refused(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal
    ) -> None:
        refusal(Refused, adapter.quote, supplier_product_id=stage.unknown_product, quantity=1)

    def test_wrong_credentials_are_a_problem_of_the_account(
        self, stage: Stage, refusal: Refusal
    ) -> None:
        with closing(stage.adapter_with_wrong_credentials()) as adapter:
            refusal(AccountProblem, adapter.quote, supplier_product_id=stage.product, quantity=1)

    @pytest.mark.parametrize(
        "fault", [Fault.TIMEOUT_BEFORE, Fault.DROP_BEFORE, Fault.ERROR_BEFORE, Fault.DOWN_BEFORE]
    )
    def test_a_quote_that_does_not_come_is_asked_for_later(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal, fault: Fault
    ) -> None:
        stage.will_on(Call.QUOTE, fault)
        error = refusal(TryLater, adapter.quote, supplier_product_id=stage.product, quantity=1)
        assert error.retry_after is None

    def test_a_busy_supplier_says_when_to_come_back(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal
    ) -> None:
        stage.will_on(Call.QUOTE, Fault.BUSY)
        error = refusal(TryLater, adapter.quote, supplier_product_id=stage.product, quantity=1)
        assert error.retry_after == 7

    def test_nobody_there_is_asked_for_later(self, stage: Stage, refusal: Refusal) -> None:
        with closing(stage.adapter_that_reaches_nobody()) as adapter:
            refusal(TryLater, adapter.quote, supplier_product_id=stage.product, quantity=1)

    # --- Buying ----------------------------------------------------------------------------------

    @pytest.mark.parametrize("quantity", [1, 3])
    def test_an_order_brings_its_keys(self, stage: Stage, buy: Buy, quantity: int) -> None:
        reference = uuid.uuid4()
        quantity = _most(stage, quantity)

        order = buy(quantity=quantity, reference=reference)

        assert order.is_final
        assert order.supplier_order_id
        assert order.charged in (PRICE.times(quantity), None)
        assert len(order.keys) == quantity
        assert [key.code for key in order.keys] == stage.codes_sold(reference)
        assert stage.orders_sold() == [reference]

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.IMAGE, CodeKind.IMAGE),
            (Fault.FILE, CodeKind.FILE),
            (Fault.FIELDS, CodeKind.FIELDS),
        ],
    )
    def test_a_key_may_have_any_form(
        self, stage: Stage, buy: Buy, fault: Fault, kind: CodeKind
    ) -> None:
        _wants(stage, fault)
        stage.will(fault)
        reference = uuid.uuid4()

        (key,) = buy(reference=reference).keys

        assert key.code.kind is kind
        assert [key.code] == stage.codes_sold(reference)

    @pytest.mark.parametrize(("fault", "expected"), CLEAR_NOES.items())
    def test_a_clear_no_bought_nothing(
        self, stage: Stage, buy: Buy, refusal: Refusal, fault: Fault, expected: type[Refused]
    ) -> None:
        _wants(stage, fault)
        stage.will(fault)

        told = stage.clear_noes.get(fault, expected)
        error = refusal(told, buy, highest=str(PRICE.amount))

        assert stage.orders_sold() == []
        if told is Busy:
            assert error.retry_after == 7

    def test_an_unknown_product_is_not_bought(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        refusal(Refused, buy, product=stage.unknown_product)

    def test_nothing_is_bought_with_wrong_credentials(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        with closing(stage.adapter_with_wrong_credentials()) as adapter:
            refusal(AccountProblem, buy, by=adapter)
        assert stage.orders_sold() == []

    def test_nothing_is_bought_above_the_highest_price(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        if not stage.adapter().capabilities.price_guard:
            pytest.skip("The supplier takes no highest price.")
        refusal(PriceTooHigh, buy, highest="5.09")
        assert stage.orders_sold() == []

    @pytest.mark.parametrize("fault", UNSOLD)
    def test_what_was_not_sold_stays_unknown_if_nobody_says_so(
        self, stage: Stage, buy: Buy, refusal: Refusal, fault: Fault
    ) -> None:
        _wants(stage, fault)
        stage.will(fault)
        refusal(OutcomeUnknown, buy)
        assert stage.orders_sold() == []

    @pytest.mark.parametrize("fault", SOLD)
    def test_what_was_sold_stays_unknown_if_nobody_says_so(
        self, stage: Stage, buy: Buy, refusal: Refusal, kept: list[bytes], fault: Fault
    ) -> None:
        _wants(stage, fault)
        stage.will(fault)
        reference = uuid.uuid4()

        refusal(OutcomeUnknown, buy, quantity=_most(stage, 2), reference=reference)

        assert stage.orders_sold() == [reference]
        if fault in KEPT_UNREAD and stage.keys_in_answer:
            # Of an answer that breaks off, the last code may be among what is missing.
            assert _forms(stage.codes_sold(reference)[:1]) <= _words(kept)

    def test_an_order_is_sent_once_however_it_ends(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        for fault in stage.faults.intersection((*UNSOLD, *SOLD)):
            stage.will(fault)
            refusal(OutcomeUnknown, buy)
        assert len(stage.orders_sold()) == len(stage.faults.intersection(SOLD))

    def test_what_reaches_nobody_was_not_sent(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        with closing(stage.adapter_that_reaches_nobody()) as adapter:
            refusal(NotSent, buy, by=adapter)

    def test_what_comes_too_late_is_not_sent(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        refusal(NotSent, buy, not_after=Deadline(-1))
        assert stage.orders_sold() == []

    @pytest.mark.parametrize(
        ("fault", "count", "charged"),
        [
            (Fault.TOO_FEW, 2, "10.20"),
            (Fault.TOO_FEW_CHARGED, 2, "15.30"),
            (Fault.TOO_MANY, 4, "15.30"),
            (Fault.OVERCHARGE, 3, "30.60"),
        ],
    )
    def test_what_came_is_told_as_it_is(
        self, stage: Stage, buy: Buy, fault: Fault, count: int, charged: str
    ) -> None:
        _wants(stage, fault)
        stage.will(fault)

        order = buy(quantity=3)

        assert len(order.keys) == count
        assert order.is_final
        assert order.charged in (Money(Decimal(charged), "EUR"), None)

    @pytest.mark.parametrize(("fault", "at_once"), [(Fault.LATE, 0), (Fault.LATE_REST, 1)])
    def test_an_order_whose_keys_come_later_is_not_final(
        self, stage: Stage, buy: Buy, find: Find, fault: Fault, at_once: int
    ) -> None:
        _wants(stage, fault)
        stage.will(fault)
        reference = uuid.uuid4()

        order = buy(quantity=_most(stage, 3), reference=reference)

        assert not order.is_final
        assert len(order.keys) == at_once
        later = _wait_for(lambda: find(reference))
        assert [key.code for key in later.keys] == stage.codes_sold(reference)
        assert later.supplier_order_id == order.supplier_order_id

    def test_a_repeated_reference_buys_nothing_more(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        if not stage.adapter().capabilities.refuses_repeats:
            pytest.skip("The supplier does not promise it.")
        reference = uuid.uuid4()
        first = buy(reference=reference)

        error = refusal(OutcomeUnknown, buy, reference=reference)

        assert error.supplier_order_id in (first.supplier_order_id, "")
        assert stage.orders_sold() == [reference]
        assert len(stage.codes_sold(reference)) == 1

    def test_an_answer_is_kept_before_it_is_read(
        self, stage: Stage, adapter: SupplierAdapter
    ) -> None:
        reference = uuid.uuid4()
        request = PurchaseRequest(
            reference=reference,
            supplier_product_id=stage.product,
            quantity=_most(stage, 2),
            unit_price=PRICE,
            max_unit_price=PRICE,
        )

        def dies(_raw: bytes) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            adapter.buy(request, keep=dies, note=lambda told: stage.noted(reference, told))
        assert stage.orders_sold() == [reference]

    def test_what_is_kept_holds_every_key(self, stage: Stage, buy: Buy, kept: list[bytes]) -> None:
        reference = uuid.uuid4()
        buy(quantity=_most(stage, 2), reference=reference)
        assert _forms(stage.codes_sold(reference)) <= _words(kept)

    # --- Looking an order up ---------------------------------------------------------------------

    def test_an_order_is_found_by_our_reference(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal, kept: list[bytes]
    ) -> None:
        stage.will(Fault.DROP_AFTER)
        reference = uuid.uuid4()
        quantity = _most(stage, 2)
        refusal(OutcomeUnknown, buy, quantity=quantity, reference=reference)
        buy(quantity=1)
        kept.clear()

        order = find(reference)

        assert order is not None
        assert order.is_final
        assert [key.code for key in order.keys] == stage.codes_sold(reference)
        assert order.charged in (PRICE.times(quantity), None)
        assert _forms(stage.codes_sold(reference)) <= _words(kept)

    @pytest.mark.parametrize("fault", [None, Fault.LATE])
    def test_all_orders_of_one_reference_are_told_with_all_their_keys(
        self,
        stage: Stage,
        buy: Buy,
        find: Find,
        ids: dict[uuid.UUID, str],
        fault: Fault | None,
    ) -> None:
        if not stage.repeats:
            pytest.skip("The supplier makes one order of a reference, or tells of one.")
        reference = uuid.uuid4()
        stage.will(None, fault)
        first, second = buy(reference=reference), buy(reference=reference)
        ids.clear()

        at_first = find(reference)

        assert at_first is not None
        both = {first.supplier_order_id, second.supplier_order_id}
        assert set(at_first.repeated_ids) == both
        if fault is not None:
            # Known by one of their ids, the keys of the other would never be read.
            assert (at_first.is_final, at_first.supplier_order_id) == (False, "")
        order = _wait_for(lambda: find(reference))
        assert set(order.repeated_ids) == both
        assert order.supplier_order_id in both
        assert len({key.code for key in order.keys}) == 2
        assert {key.code for key in first.keys} < {key.code for key in order.keys}
        assert order.charged in (PRICE.times(2), None)

    def test_an_order_that_never_was_is_clearly_none(self, find: Find, kept: list[bytes]) -> None:
        assert find(uuid.uuid4()) is None

    @pytest.mark.parametrize("fault", UNSOLD)
    def test_a_supplier_that_cannot_say_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal, fault: Fault
    ) -> None:
        reference = _bought(buy)
        stage.will_on(Call.LOOKUP, fault)
        refusal(TryLater, find, reference)

    def test_a_busy_supplier_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal
    ) -> None:
        reference = _bought(buy)
        stage.will_on(Call.LOOKUP, Fault.BUSY)
        assert refusal(TryLater, find, reference).retry_after == 7

    def test_a_look_up_that_reaches_nobody_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal
    ) -> None:
        reference = _bought(buy)
        with closing(stage.adapter_that_reaches_nobody()) as adapter:
            refusal(TryLater, find, reference, by=adapter)

    def test_a_look_up_with_wrong_credentials_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal
    ) -> None:
        reference = _bought(buy)
        with closing(stage.adapter_with_wrong_credentials()) as adapter:
            refusal(AccountProblem, find, reference, by=adapter)

    # --- The account -----------------------------------------------------------------------------

    def test_the_balance_is_exact(self, stage: Stage, adapter: SupplierAdapter, buy: Buy) -> None:
        before = adapter.balance()
        if before is None:
            assert not adapter.capabilities.balance
            return
        quantity = _most(stage, 3)
        buy(quantity=quantity)
        after = adapter.balance()
        assert after is not None
        assert before - after == PRICE.times(quantity)

    @pytest.mark.parametrize("fault", UNSOLD)
    def test_a_balance_that_does_not_come_is_asked_for_later(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal, fault: Fault
    ) -> None:
        if not adapter.capabilities.balance:
            pytest.skip("The supplier does not tell the balance.")
        stage.will_on(Call.BALANCE, fault)
        refusal(TryLater, adapter.balance)

    def test_its_fields_have_names_for_people(self, adapter: SupplierAdapter) -> None:
        labels = {**adapter.config_fields, **adapter.secret_fields}
        assert all(str(label) for label in labels.values())
        assert adapter.required <= set(labels)


def _wants(stage: Stage, fault: Fault) -> None:
    if fault not in stage.faults:
        pytest.skip("It cannot happen in this supplier's protocol.")


def _most(stage: Stage, quantity: int) -> int:
    """As many keys as one order of the supplier may have, up to a quantity."""
    with closing(stage.adapter()) as adapter:
        return quantity if adapter.capabilities.quantity else 1


def _bought(buy: Buy) -> uuid.UUID:
    reference = uuid.uuid4()
    buy(reference=reference)
    return reference


def _wait_for(ask: Callable[[], SupplierOrder | None]) -> SupplierOrder:
    for _attempt in range(100):
        order = ask()
        if order is not None and order.is_final:
            return order
        time.sleep(0.05)
    raise AssertionError("The order is never final.")


def _all_codes(stage: Stage) -> set[str]:
    codes: set[str] = set()
    for reference in stage.orders_sold():
        codes |= _forms(stage.codes_sold(reference))
    return codes


def _forms(codes: list[KeyCode]) -> set[str]:
    """The texts by which codes would be known where they are seen."""
    forms: set[str] = set()
    for code in codes:
        if code.data:
            forms.add(base64.b64encode(code.data).decode())
        else:
            forms |= {code.text} if code.text else {value for _name, value in code.fields}
    # A PIN of four digits stands by chance in many a text.
    return {form for form in forms if len(form) > 6}


def _words(kept: list[bytes]) -> set[str]:
    return {word for raw in kept for word in raw.decode(errors="replace").split('"')}
