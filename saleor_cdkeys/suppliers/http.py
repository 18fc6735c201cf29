"""The httpx client that adapters share.

It knows time-outs, pools, redaction and the one question that matters on a buying call: did the
request leave? Nothing is retried here, and neither headers nor bodies reach a log or an error.
Errors of httpx hold the request with its credentials, so none of them leaves as a context either:
ours are raised where no other is being handled.
"""

from __future__ import annotations

import dataclasses
import functools
import ipaddress
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlencode

import httpx
import simplejson
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.answer import Answer, readable
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    KeepAnswer,
    NotSent,
    OutcomeUnknown,
    SupplierError,
    TryLater,
)
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.quiet import quiet
from saleor_cdkeys.suppliers.rate_limit import Gate, Rate
from saleor_cdkeys.suppliers.time_limit import TimeLimit

__all__ = ["Answer", "Rate", "SupplierClient", "readable"]

#: Takes what httpcore tells of a call: the name of an event, and what belongs to it.
Watcher = Callable[[str, Any], None]

#: An answer larger than this is no answer of a key supplier.
_MAX_BODY = 16 * 1024 * 1024
#: Raised where no connection came about, so that not a byte of the request left. This list is
#: closed: any other error of a buying call leaves the outcome unknown.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

#: A part of a host's name, as it goes to the name server.
_LABEL = re.compile("[A-Za-z0-9_-]{1,63}")

#: The address of this machine is never asked for through a proxy.
_LOOPBACK: dict[str, httpx.BaseTransport | None] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One request: with a JSON ``body``, a ``form``, or neither."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    keep: KeepAnswer | None = None
    not_after: Deadline | None = None
    headers: Mapping[str, str] | None = None

    def content(self) -> bytes | None:
        if self.body is not None:
            # Amounts leave as they are, as numbers with all their digits.
            text: str = simplejson.dumps(self.body, use_decimal=True, default=str)
            return text.encode()
        if self.form is not None:
            return urlencode(self.form).encode()
        return None if self.method == "GET" else b""

    def all_headers(self) -> dict[str, str]:
        headers = dict(_usable_headers(self.headers or {}))
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        elif self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers


class SupplierClient:
    """One account's connections; close it in the end. ``headers`` hold the credentials.

    ``account`` names the account: its workers together keep to ``rates`` and to the pauses that the
    supplier asks for, and a call that may not be made now ends as one that the supplier was too
    busy for. Calls take more headers where an adapter has them (a token that was just fetched).
    Raises ConfigurationError for an address or credentials that cannot be used.
    """

    def __init__(
        self,
        *,
        base_url: str,
        headers: Mapping[str, str],
        account: str = "",
        rates: Sequence[Rate] = (),
    ) -> None:
        self._gate = Gate(account=account, rates=rates)
        self._call_seconds = float(conf.get("CDKEYS_SUPPLIER_TIMEOUT"))
        self._client = httpx.Client(
            base_url=_usable_address(base_url),
            headers=_usable_headers(headers),
            timeout=httpx.Timeout(
                self._call_seconds, connect=float(conf.get("CDKEYS_SUPPLIER_CONNECT_TIMEOUT"))
            ),
            verify=_trust(),
            follow_redirects=False,
            mounts=_LOOPBACK,
            # On a connection that the supplier is about to close, nobody could tell whether an
            # order still arrived. So each call has one of its own.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def read(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        keep: KeepAnswer | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for something that changes nothing.

        Raises TryLater where there is no usable answer, AccountProblem where the credentials are
        not accepted. Other refusals (4xx) are for the adapter to read. ``params`` stand in the
        address, which servers and proxies log: no credential may be among them.
        """
        call = Call("GET", path, params=params, keep=keep, headers=headers)
        return self._ask(call)

    def ask(
        self, path: str, *, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form that buys nothing, such as for a token. Raises as ``read`` does."""
        return self._ask(Call("POST", path, form=form, headers=headers))

    def _ask(self, call: Call) -> Answer:
        wait = self._gate.seconds_to_wait()
        if wait:
            raise TryLater(_("The supplier is asked too often."), retry_after=wait)
        answer = self._call(call)
        if not isinstance(answer, Answer):
            raise TryLater(_plainly(answer))
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
        body: Mapping[str, Any] | None,
        keep: KeepAnswer | None,
        not_after: Deadline | None = None,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send an order, once, unless ``not_after`` has passed when its first byte is to leave.

        Raises NotSent, Busy (429) or AccountProblem (401), which HTTP defines as refusals to look
        at the request at all, and otherwise OutcomeUnknown: an answer of 3xx, 5xx or 408, or one
        that is no JSON, says nothing about what was done. Other refusals (4xx) are for the adapter
        to read, and those that it does not know are OutcomeUnknown, too.
        """
        wait = self._gate.seconds_to_wait()
        if wait:
            raise Busy(_("The supplier is asked too often."), retry_after=wait)
        answer = self._call(
            Call(method, path, body=body, keep=keep, not_after=not_after, headers=headers)
        )
        if not isinstance(answer, Answer):
            never_left = isinstance(answer, _NEVER_LEFT)
            failure: type[SupplierError] = NotSent if never_left else OutcomeUnknown
            raise failure(_plainly(answer))
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

    def _call(self, call: Call) -> Answer | httpx.HTTPError:
        """The answer, or what went wrong. Raises NotSent where ``not_after`` has passed."""
        content, headers = call.content(), call.all_headers()
        keep, not_after = call.keep, call.not_after
        received = bytearray()
        failure: httpx.HTTPError | None = None
        with quiet(), TimeLimit(self._call_seconds) as limit:
            watchers: list[Watcher] = [limit.watch]
            if not_after is not None:
                watchers.append(_stopping_after(not_after))
            try:
                with self._client.stream(
                    call.method,
                    call.path,
                    params=call.params,
                    content=content,
                    headers=headers,
                    extensions={"trace": _all_of(watchers)},
                ) as response:
                    status = response.status_code
                    retry_after = response.headers.get("Retry-After")
                    _receive(response, into=received)
            except httpx.HTTPError as error:
                failure = error
                if limit.has_struck and not isinstance(error, _NEVER_LEFT):
                    failure = httpx.ReadTimeout("")
        # Even half an answer may hold keys that were paid for.
        if keep is not None and received and 200 <= status < 300:
            keep(bytes(received))
        if failure is not None:
            return failure
        answer = Answer(status=status, retry_after=retry_after, content=bytes(received))
        if status in (429, 503) and answer.retry_after:
            self._gate.pause(answer.retry_after)
        return answer

    def close(self) -> None:
        self._client.close()


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom TLS trusts. Reading all authorities takes longer than most calls, so it is done once."""
    return httpx.create_ssl_context()


def _all_of(watchers: Sequence[Watcher]) -> Watcher:
    def watch(event: str, info: Any) -> None:
        for watcher in watchers:
            watcher(event, info)

    return watch


def _stopping_after(not_after: Deadline) -> Watcher:
    """A look-out on httpcore's way to the wire: https://www.encode.io/httpcore/extensions/#trace.

    Connecting may have taken long, and so may whatever stopped this process on the way.
    """

    def watch(event: str, _info: Any) -> None:
        if event.endswith("send_request_headers.started") and not_after.has_passed:
            raise NotSent(_("The request was held up, and was not sent any more."))

    return watch


def _receive(response: httpx.Response, *, into: bytearray) -> None:
    for chunk in response.iter_bytes():
        into += chunk
        if len(into) > _MAX_BODY:
            into.clear()
            raise httpx.ReadError("The answer does not end.")


def _refuse_credentials() -> NoReturn:
    raise AccountProblem(
        _("The supplier does not accept the credentials of this account."), supplier_code="401"
    )


def _usable_address(text: str) -> httpx.URL:
    try:
        address = httpx.URL(text.strip())
    except httpx.InvalidURL:
        address = httpx.URL("")
    if address.scheme not in ("http", "https") or not _is_host(address.raw_host.decode()):
        raise ConfigurationError(_("The supplier's address must begin with https:// or http://."))
    if address.userinfo:
        # Addresses are shown and logged; credentials have fields of their own.
        raise ConfigurationError(_("The supplier's address must not hold a user or a password."))
    return address


def _is_host(text: str) -> bool:
    """Whether it can be looked up at all: what cannot ends in an error that names no cause."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return all(_LABEL.fullmatch(label) for label in text.removesuffix(".").split("."))
    return True


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
