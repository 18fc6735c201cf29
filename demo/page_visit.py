"""Customers open the private pages of their mails and ask for their keys."""

from __future__ import annotations

import dataclasses
import html
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx

from demo import codes as codes_of
from demo.code_search import CodeSearch
from demo.mail_sink import Mail
from demo.promises import mailbox
from demo.promises.promise import Promise
from saleor_cdkeys.models import Delivery, Key, KeyAccess
from saleor_cdkeys.statuses import KeyStatus

#: Customers at the same time.
_CUSTOMERS = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One private page: ``sold`` are the codes that it must show, in capitals without dashes."""

    url: str
    customer: str
    order_number: str
    sold: frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """What a customer saw: the codes before the click and after it, and how the server answered."""

    page: Page
    before: frozenset[str]
    after: frozenset[str]
    answers: tuple[int, int]


def visit(mails: Iterable[Mail], *, codes: Collection[str]) -> Promise:
    """Open the page of every mail. ``codes`` are all that there are, to be looked for on each."""
    pages = list(_pages(mails))
    search = CodeSearch(codes)
    looks = KeyAccess.objects.count()
    with httpx.Client(timeout=60) as browser, ThreadPoolExecutor(_CUSTOMERS) as customers:
        seen = list(customers.map(lambda page: _look(page, browser, search), pages))
    shown = sum(len(sight.after) for sight in seen)
    broken = list(problems(seen))
    if not seen:
        broken.append("no mail with keys came, so no page was seen")
    if KeyAccess.objects.count() != looks + shown:
        broken.append(f"{KeyAccess.objects.count() - looks} of {shown} looks were written down")
    facts = (
        f"{len(seen)} private pages: no code before the click, {shown} codes after it,",
        "each the one sold, none for two customers, all looks on record",
    )
    return Promise(title="Right customer", facts=facts, broken=tuple(broken))


def _pages(mails: Iterable[Mail]) -> Iterator[Page]:
    for delivery, came in mailbox.by_delivery(mails).items():
        if delivery is not None:
            sold = frozenset(_sold(delivery))
            yield Page(came[0].link, came[0].recipient, delivery.order_number, sold)


def _sold(delivery: Delivery) -> Iterator[str]:
    for key in Key.objects.filter(
        unit__delivery_items__delivery=delivery, status=KeyStatus.ASSIGNED
    ):
        yield codes_of.of_key(key).replace("-", "")


def _look(page: Page, browser: httpx.Client, search: CodeSearch) -> Sight:
    address = httpx.URL(page.url)
    origin = f"{address.scheme}://{address.netloc.decode()}"
    closed = browser.get(page.url)
    opened = browser.post(f"{page.url}/reveal", headers={"Origin": origin})
    return Sight(
        page=page,
        before=frozenset(search.found_in(html.unescape(closed.text).encode())),
        after=frozenset(search.found_in(html.unescape(opened.text).encode())),
        answers=(closed.status_code, opened.status_code),
    )


def problems(seen: Collection[Sight]) -> Iterator[str]:
    """What customers should not have seen, and what they should have."""
    yield from _wrong(seen)
    yield from _shared(seen)


def _wrong(seen: Iterable[Sight]) -> Iterator[str]:
    for sight in seen:
        name = f"the page of order {sight.page.order_number}"
        if sight.answers != (200, 200):
            yield f"{name} answered {sight.answers[0]}, and {sight.answers[1]} to the click"
        if sight.before:
            yield f"{name} shows a code before the click"
        if sight.after != sight.page.sold:
            right = len(sight.after & sight.page.sold)
            yield f"{name} shows {right} of the {len(sight.page.sold)} keys that were sold"


def _shared(seen: Iterable[Sight]) -> Iterator[str]:
    customers: dict[str, set[str]] = defaultdict(set)
    for sight in seen:
        for code in sight.after:
            customers[code].add(sight.page.customer)
    for several in customers.values():
        if len(several) > 1:
            yield f"{' and '.join(sorted(several))} were shown the same code"
