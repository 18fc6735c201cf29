"""The httpx client that adapters share.

It knows time-outs, pools, redaction and the one question that matters on a buying call: did the
request leave? Nothing is retried here, and neither headers nor bodies reach a log or an error.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NoReturn

import httpx
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    KeepAnswer,
    NotSent,
    OutcomeUnknown,
    TryLater,
)
from saleor_cdkeys.suppliers.deadline import Deadline

#: An answer larger than this is no answer of a key supplier.
_MAX_BODY = 16 * 1024 * 1024
#: Nobody is waited for longer than this, in seconds, whatever they ask for.
_LONGEST_WAIT = 3600.0

#: Raised where no connection came about, so that not a byte of the request left. This list is
#: closed: any other error of a buying call leaves the outcome unknown.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

#: The address of this machine is never asked for through a proxy.
_LOOPBACK: dict[str, httpx.BaseTransport | None] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}


class Answer:
    """A status and a parsed body. ``body`` is None where it is not JSON; amounts are Decimal."""

    __slots__ = ("body", "retry_after", "status")

    def __init__(self, *, status: int, retry_after: float | None, content: bytes) -> None:
        self.status = status
        self.retry_after = retry_after
        self.body = _json(content)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"


class SupplierClient:
    """One account's connections; close it in the end. ``headers`` hold the credentials.

    Raises ConfigurationError for an address or credentials that cannot be used.
    """

    def __init__(self, *, base_url: str, headers: Mapping[str, str]) -> None:
        self._call_seconds = float(conf.get("CDKEYS_SUPPLIER_TIMEOUT"))
        self._client = httpx.Client(
            base_url=_usable_address(base_url),
            headers=_usable_headers(headers),
            timeout=httpx.Timeout(
                self._call_seconds, connect=float(conf.get("CDKEYS_SUPPLIER_CONNECT_TIMEOUT"))
            ),
            follow_redirects=False,
            mounts=_LOOPBACK,
        )

    def read(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        keep: KeepAnswer | None = None,
    ) -> Answer:
        """Ask for something that changes nothing.

        Raises TryLater where there is no usable answer, AccountProblem where the credentials are
        not accepted. Other refusals (4xx) are for the adapter to read.
        """
        try:
            answer = self._call("GET", path, params=params, keep=keep)
        except httpx.HTTPError as error:
            raise TryLater(_plainly(error)) from None
        if answer.status == 401:
            _refuse_credentials()
        if 400 <= answer.status < 500 and answer.status not in (408, 429):
            return answer
        if not answer.is_success or answer.body is None:
            raise TryLater(
                _("The supplier answered %(status)d and nothing usable.")
                % {"status": answer.status},
                retry_after=answer.retry_after,
                supplier_code=str(answer.status),
            )
        return answer

    def buy(
        self,
        path: str,
        *,
        body: Mapping[str, Any],
        keep: KeepAnswer,
        not_after: Deadline | None = None,
    ) -> Answer:
        """Send an order, once, unless ``not_after`` has passed when its first byte is to leave.

        Raises NotSent, Busy (429) or AccountProblem (401), which HTTP defines as refusals to look
        at the request at all, and otherwise OutcomeUnknown: an answer of 3xx, 5xx or 408, or one
        that is no JSON, says nothing about what was done. Other refusals (4xx) are for the adapter
        to read, and those that it does not know are OutcomeUnknown, too.
        """
        try:
            answer = self._call("POST", path, body=body, keep=keep, not_after=not_after)
        except _NEVER_LEFT as error:
            raise NotSent(_plainly(error)) from None
        except httpx.HTTPError as error:
            raise OutcomeUnknown(_plainly(error)) from None
        if answer.status == 401:
            _refuse_credentials()
        if answer.status == 429:
            raise Busy(_("The supplier is asked too often."), retry_after=answer.retry_after)
        is_answer = answer.is_success or (400 <= answer.status < 500 and answer.status != 408)
        if not is_answer or answer.body is None:
            raise OutcomeUnknown(
                _("The supplier answered %(status)d without saying what it did.")
                % {"status": answer.status},
                retry_after=answer.retry_after,
                supplier_code=str(answer.status),
            )
        return answer

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        keep: KeepAnswer | None = None,
        not_after: Deadline | None = None,
    ) -> Answer:
        content = None if body is None else json.dumps(body, default=str).encode()
        headers = {} if content is None else {"Content-Type": "application/json"}
        with self._client.stream(
            method,
            path,
            params=params,
            content=content,
            headers=headers,
            extensions={} if not_after is None else {"trace": _stopping_after(not_after)},
        ) as response:
            received = self._receive(response)
        if keep is not None and received and response.is_success:
            keep(received)
        return Answer(
            status=response.status_code,
            retry_after=_seconds(response.headers.get("Retry-After")),
            content=received,
        )

    def _receive(self, response: httpx.Response) -> bytes:
        """The body, unless it is too large or comes in drips: httpx only times each drip."""
        ends_at = time.monotonic() + self._call_seconds
        received = bytearray()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > _MAX_BODY or time.monotonic() > ends_at:
                raise httpx.ReadTimeout("The answer does not end.")
        return bytes(received)

    def close(self) -> None:
        self._client.close()


def _stopping_after(not_after: Deadline) -> Callable[[str, Any], None]:
    """A look-out on httpcore's way to the wire: https://www.encode.io/httpcore/extensions/#trace.

    Connecting may have taken long, and so may whatever stopped this process on the way.
    """

    def watch(event: str, _info: Any) -> None:
        if event.endswith("send_request_headers.started") and not_after.has_passed:
            raise NotSent(_("The request was held up, and was not sent any more."))

    return watch


def _json(content: bytes) -> Any:
    # Errors of the parser hold the document, so none of them leaves this function.
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _seconds(text: str | None) -> float | None:
    """``Retry-After`` in seconds; the form with a date is not worth a guess about clocks."""
    if text is None or not text.strip().isdecimal():
        return None
    return min(float(text), _LONGEST_WAIT)


def _refuse_credentials() -> NoReturn:
    raise AccountProblem(
        _("The supplier does not accept the credentials of this account."), supplier_code="401"
    )


def _usable_address(text: str) -> httpx.URL:
    try:
        address = httpx.URL(text.strip())
    except httpx.InvalidURL:
        address = httpx.URL("")
    if address.scheme not in ("http", "https") or not address.host:
        raise ConfigurationError(_("The supplier's address must begin with https:// or http://."))
    if address.userinfo:
        # Addresses are shown and logged; credentials have fields of their own.
        raise ConfigurationError(_("The supplier's address must not hold a user or a password."))
    return address


def _usable_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for value in headers.values():
        if not (value.isascii() and value.isprintable()):
            raise ConfigurationError(
                _("The credentials hold characters that cannot be sent. Enter them anew.")
            )
    return dict(headers)


def _plainly(error: httpx.HTTPError) -> str:
    """What went wrong, by its kind alone: an error's own text may quote address or answer."""
    if isinstance(error, _NEVER_LEFT):
        return _("The supplier could not be reached.")
    if isinstance(error, httpx.TimeoutException):
        return _("The supplier did not answer in time.")
    return _("The connection to the supplier broke (%(kind)s).") % {"kind": type(error).__name__}
