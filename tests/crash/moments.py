"""The moments at which a process can leave something half done, and dying at one of them.

Between two of them a process does nothing that anybody else could see, so a process that dies at
each in turn has died everywhere. The product's code knows nothing of this: what it sends to the
database, to suppliers and to the mail server is watched from outside.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import smtplib
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import httpx
from django.db import connection

from tests.concurrency.processes import die

#: What a statement writes to; row locks and DO UPDATE are no writes of their own.
_WRITES = re.compile(r'(INSERT INTO|(?<!FOR )(?<!KEY )(?<!DO )UPDATE|DELETE FROM)\s+"?(\w+)')

MAIL_TAKEN = "the mail server took a message"


@dataclasses.dataclass(frozen=True)
class Moment:
    """``lasts``: something stays if the process dies here that would not a moment before."""

    label: str
    lasts: bool


class Watch:
    """Notes the moments of what runs in :meth:`watching`, and does ``then`` at one: dies, say.

    ``every``: each statement counts, and not only what lasts.
    """

    def __init__(
        self, *, every: bool = False, at: int | None = None, then: Callable[[], None] = die
    ) -> None:
        self.moments: list[Moment] = []
        self._every = every
        self._at = at
        self._then = then
        self._written: list[str] = []

    def _reach(self, label: str, *, lasts: bool) -> None:
        if not (lasts or self._every):
            return
        self.moments.append(Moment(label, lasts))
        if len(self.moments) == self._at:
            self._then()

    @contextlib.contextmanager
    def watching(self) -> Iterator[Watch]:
        with (
            connection.execute_wrapper(self._statement),
            mock.patch.object(connection, "_commit", self._committing(connection._commit)),
            mock.patch.object(
                httpx.HTTPTransport,
                "handle_request",
                self._asking(httpx.HTTPTransport.handle_request),
            ),
            mock.patch.object(smtplib.SMTP, "data", self._mailing(smtplib.SMTP.data)),
        ):
            yield self

    def _statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self._reach(f"before {' '.join(sql.split())[:120]}", lasts=False)
        result = execute(sql, params, many, context)
        written = [
            f"{verb.split()[0].lower()} {table.removeprefix('saleor_cdkeys_')}"
            for verb, table in _WRITES.findall(sql)
        ]
        if connection.in_atomic_block:
            self._written += written
        elif written:
            self._reach(", ".join(written), lasts=True)
        return result

    def _committing(self, commit: Callable[[], None]) -> Callable[[], None]:
        def committing() -> None:
            self._reach("before a commit", lasts=False)
            commit()
            written, self._written = list(dict.fromkeys(self._written)), []
            if written:
                self._reach(", ".join(written), lasts=True)

        return committing

    def _asking(self, handle: Callable[..., Any]) -> Callable[..., Any]:
        def asking(transport: Any, request: httpx.Request) -> Any:
            what = f"{request.method} {request.url.path}"
            self._reach(f"before {what}", lasts=False)
            answer = handle(transport, request)
            self._reach(f"the supplier answered {what}", lasts=request.method != "GET")
            return answer

        return asking

    def _mailing(self, data: Callable[..., Any]) -> Callable[..., Any]:
        def mailing(smtp: smtplib.SMTP, message: Any) -> Any:
            self._reach("before a message", lasts=False)
            answer = data(smtp, message)
            self._reach(MAIL_TAKEN, lasts=True)
            return answer

        return mailing


def mail_in_doubt(moments: list[Moment], number: int) -> bool:
    """Whether at this moment a message was taken by the mail server, and that is not recorded yet.

    A worker that dies then, and only then, leaves a message that is sent again: better twice than
    never. One that stalls may stand before the mail server already.
    """
    taken = [n for n, moment in enumerate(moments, start=1) if moment.label == MAIL_TAKEN]
    return any(first <= number < _next_lasting(moments, first) for first in taken)


def stands_before_the_mail_server(moments: list[Moment], number: int) -> bool:
    """Whether the next thing that lasts is a message that the mail server takes."""
    following = _next_lasting(moments, number)
    return following <= len(moments) and moments[following - 1].label == MAIL_TAKEN


def _next_lasting(moments: list[Moment], number: int) -> int:
    later = range(number + 1, len(moments) + 1)
    return next((n for n in later if moments[n - 1].lasts), len(moments) + 1)
