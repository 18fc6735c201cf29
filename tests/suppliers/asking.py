"""An adapter in front of a supplier that says, on the wire, exactly what a test says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from saleor_cdkeys.suppliers.base import CataloguePage, SupplierAdapter, SupplierError
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.wire import Behaviour, Wire, answer

Body = str | bytes
#: An answer that is a success, or one with its status.
Told = Body | tuple[str, Body]


def ignore(_told: object) -> None:
    """Whatever is told."""


def says(body: object, status: str = "200 OK") -> Behaviour:
    """A whole answer: bytes as they stand, anything else as JSON."""
    return answer(body if isinstance(body, bytes) else json.dumps(body).encode(), status)


@contextmanager
def facing(
    open_adapter: Callable[[str], SupplierAdapter], *behaviours: Behaviour
) -> Iterator[tuple[Any, Wire]]:
    """An adapter whose calls meet these behaviours, and the wire that they go over."""
    with Wire(*behaviours) as wire, closing(open_adapter(wire.url)) as adapter:
        yield adapter, wire


def ask_facing(
    open_adapter: Callable[[str], SupplierAdapter],
    call: Callable[[Any], Any],
    *answers: Told,
    secrets: Sequence[str],
) -> tuple[Any, list[bytes]]:
    """What the adapter makes of these answers, and the requests that they answered.

    An error is given back like any other result, once it is sure that it tells no secret.
    """
    with facing(open_adapter, *map(_behaviour, answers)) as (adapter, wire):
        try:
            return call(adapter), wire.requests
        except SupplierError as error:
            assert_tells_nothing(error, secrets)
            return error, wire.requests


def _behaviour(told: Told) -> Behaviour:
    status, body = told if isinstance(told, tuple) else ("200 OK", told)
    return answer(body.encode() if isinstance(body, str) else body, status)


def all_pages(ask: Callable[[str], CataloguePage]) -> list[CataloguePage]:
    """What a catalogue or a list of changes gives until it says that there is no more."""
    pages = [ask("")]
    while pages[-1].next_page:
        pages.append(ask(pages[-1].next_page))
    return pages
