"""A customer opens the private page of a mail and asks for the key."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterator

import httpx

from demo.customers import PlacedOrder
from demo.mail_sink import Mail
from demo.promises.promise import Promise
from saleor_cdkeys import vault
from saleor_cdkeys.models import Key, KeyAccess
from saleor_cdkeys.statuses import KeyStatus
from saleor_cdkeys.values import CodeKind


@dataclasses.dataclass(frozen=True, slots=True)
class Visit:
    """What came of it; ``url`` is the page's address, empty if there was no mail to open."""

    promise: Promise
    url: str


def visit(placed: list[PlacedOrder], mails: list[Mail]) -> Visit:
    """Open the first page that holds keys as text: before the click, then after it."""
    by_email = {order.planned.email: order for order in placed}
    for mail in mails:
        if mail.link and mail.recipient in by_email:
            order = by_email[mail.recipient]
            codes = _codes_sold_with(order.number)
            if codes:
                return Visit(promise=_visit(mail.link, order.number, codes), url=mail.link)
    nothing = Promise(title="Private page", facts=(), broken=("no mail with keys came",))
    return Visit(promise=nothing, url="")


def _codes_sold_with(number: str) -> list[str]:
    """The codes of an order, if all are plain text."""
    keys = Key.objects.filter(unit__key_order__order_number=number, status=KeyStatus.ASSIGNED)
    if any(key.kind != CodeKind.TEXT for key in keys):
        return []
    return [vault.open_code(key.sealed, uid=key.uid).text for key in keys]


def _visit(url: str, number: str, codes: list[str]) -> Promise:
    looks = KeyAccess.objects.filter(key__unit__key_order__order_number=number)
    before = looks.count()
    with httpx.Client(headers={"Origin": _origin(url)}, timeout=30) as browser:
        closed = browser.get(url)
        opened = browser.post(f"{url}/reveal")
    broken = list(_wrong(closed, opened, codes))
    if looks.count() != before + len(codes):
        broken.append("who looked was not written down")
    facts = (
        f"opened from the mail of order {number}: no code before the click, the right one after it",
    )
    return Promise(title="Private page", facts=facts, broken=tuple(broken))


def _wrong(closed: httpx.Response, opened: httpx.Response, codes: list[str]) -> Iterator[str]:
    if (closed.status_code, opened.status_code) != (200, 200):
        yield f"the page answered {closed.status_code}, and {opened.status_code} to the click"
    if any(code in closed.text for code in codes):
        yield "the page shows a code before the click"
    shown = html.unescape(opened.text)
    if not all(code in shown for code in codes):
        yield "the page does not show the code that was sold"


def _origin(url: str) -> str:
    address = httpx.URL(url)
    return f"{address.scheme}://{address.netloc.decode()}"
