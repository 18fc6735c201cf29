"""How the suite buys, looks up and hears a no, and that nothing is said meanwhile."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any, Protocol

import pytest

from saleor_cdkeys.suppliers.base import (
    OrderQuery,
    PurchaseRequest,
    SupplierAdapter,
    SupplierError,
    SupplierOrder,
)
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.testing.supplier_contract.seen import all_codes
from saleor_cdkeys.testing.supplier_contract.stage import PRICE, Stage
from saleor_cdkeys.values import Money


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


class ContractFixtures:
    """What all parts of the suite stand on."""

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
            assert_tells_nothing(caught.value, [*stage.secrets, *all_codes(stage)])
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
        assert [text for text in (*stage.secrets, *all_codes(stage)) if text in said] == []
        assert [r.name for r in caplog.records if r.name.startswith(("httpx", "httpcore"))] == []
