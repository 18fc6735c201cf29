"""Access tokens of suppliers that want OAuth2 client credentials, and calls that carry them.

All workers of an account share one token through Django's cache, sealed like every credential. A
cache that fails costs a token for each piece of work, and nothing else.

A supplier ends a token when it likes, and then answers 401. A read is asked once more with another
token. An order is never sent twice: a 401 did nothing, and is a problem of the account only where
the token had just been fetched; a token that was merely old is replaced the next time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import vault
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.suppliers.base import AccountProblem, Busy, KeepAnswer, NotSent, TryLater
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.http import Answer, SupplierClient, readable
from saleor_cdkeys.suppliers.rate_limit import Gate, Rate

logger = logging.getLogger(__name__)

#: A token is not used in the last seconds of its life: the call needs time for its way.
_MARGIN = 5.0
#: How long a token counts as just fetched, and how long one lives that does not say, in seconds.
_FRESH = 60.0
#: No token lives longer than this, in seconds, whatever it says.
_LONGEST_LIFE = 86_400.0


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Token:
    """An access token. ``fetched_at`` and ``over_at`` are of this process's monotonic clock.

    ``fetched_at`` is None where another worker fetched it.
    """

    value: str
    fetched_at: float | None = None
    over_at: float = 0.0

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.over_at

    @property
    def is_fresh(self) -> bool:
        """Whether a supplier that does not accept it must mean the account."""
        if self.fetched_at is None or self.is_over:
            return False
        return time.monotonic() < self.fetched_at + _FRESH


class Tokens:
    """The token of an account. Without an ``account`` it is not shared.

    ``credentials`` are what the token stands for; where they change, so does the token. ``form`` is
    what is sent to ``path`` for one, at most as often as ``rates`` say.
    """

    def __init__(
        self,
        client: SupplierClient,
        *,
        account: str,
        path: str,
        form: Mapping[str, str],
        credentials: Sequence[str],
        rates: Sequence[Rate] = (),
    ) -> None:
        self._client = client
        self._account = account
        self._path = path
        self._form = form
        self._credentials = "\0".join(credentials).encode()
        self._gate = Gate(account=f"{account}:token" if account else "", rates=rates)
        self._own: Token | None = None
        self._refused = ""

    def current(self) -> Token:
        """One that is believed to be good. Raises AccountProblem or TryLater."""
        if self._own is not None and not self._own.is_over:
            return self._own
        shared = self._shared()
        if shared and shared != self._refused:
            return Token(shared)
        self._own = self._fetch()
        return self._own

    def drop(self, token: Token) -> None:
        """The supplier did not accept it: use it no more, nor let others."""
        self._refused = token.value
        self._own = None
        # What another worker has put there meanwhile stays.
        if self._shared() == token.value:
            with _as_far_as_the_cache_works():
                cache.delete(self._key())

    def _fetch(self) -> Token:
        wait = self._gate.seconds_to_wait()
        if wait:
            raise TryLater(_("The supplier is asked too often."), retry_after=wait)
        answer = self._client.ask(self._path, form=self._form)
        if not answer.is_success:
            raise AccountProblem(
                _(
                    "The supplier gives no access token (%(status)d). Check the address and the "
                    "credentials of this account."
                )
                % {"status": answer.status},
                supplier_code=str(answer.status),
            )
        found = readable(lambda: _read_token(answer.body))
        if found is None:
            raise TryLater(_("The supplier's access token cannot be read."))
        value, life = found
        self._share(value, life)
        now = time.monotonic()
        return Token(value, fetched_at=now, over_at=now + max(life - _MARGIN, 0.0))

    def _shared(self) -> str:
        if self._account:
            with _as_far_as_the_cache_works():
                sealed = cache.get(self._key())
                if sealed is not None:
                    return vault.open_text(sealed, context=self._context())
        return ""

    def _share(self, value: str, life: float) -> None:
        if self._account and life > _MARGIN:
            with _as_far_as_the_cache_works():
                sealed = vault.seal_text(value, context=self._context())
                # Forgotten by the cache's clock, so that workers' clocks need not agree.
                cache.set(self._key(), sealed, timeout=life - _MARGIN)

    def _context(self) -> bytes:
        return b"supplier-token:" + self._account.encode()

    def _key(self) -> str:
        stands_for = vault.keyring().fingerprint(self._credentials).hex()[:32]
        return f"cdkeys:supplier:{self._account}:token:{stands_for}"


class BearerClient:
    """A supplier's calls, each with the account's token."""

    def __init__(self, client: SupplierClient, tokens: Tokens) -> None:
        self._client = client
        self._tokens = tokens

    def read(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        keep: KeepAnswer | None = None,
    ) -> Answer:
        """As ``SupplierClient.read``, once more with another token where the first is refused."""
        token = self._tokens.current()
        try:
            return self._client.read(path, params=params, keep=keep, headers=_bearer(token))
        except AccountProblem:
            self._tokens.drop(token)
        other = _bearer(self._tokens.current())
        return self._client.read(path, params=params, keep=keep, headers=other)

    def buy(
        self,
        path: str,
        *,
        body: Mapping[str, Any],
        keep: KeepAnswer,
        not_after: Deadline | None = None,
    ) -> Answer:
        """As ``SupplierClient.buy``; a 401 to a token that may have been old is NotSent."""
        token = self._token_to_buy_with()
        try:
            return self._client.buy(
                path, body=body, keep=keep, not_after=not_after, headers=_bearer(token)
            )
        except AccountProblem:
            is_account = token.is_fresh
            self._tokens.drop(token)
            if is_account:
                raise
        raise NotSent(
            _("The supplier did not accept the access token any more. The next try has a new one.")
        )

    def _token_to_buy_with(self) -> Token:
        """A token. Without one no order leaves, so that is no reason to wait for its outcome."""
        try:
            return self._tokens.current()
        except TryLater as error:
            failure = error
        if failure.retry_after:
            raise Busy(str(failure), retry_after=failure.retry_after)
        raise NotSent(str(failure))

    def close(self) -> None:
        self._client.close()


def _bearer(token: Token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.value}"}


def _read_token(body: Mapping[str, Any]) -> tuple[str, float]:
    """The token and the seconds it has left, in either of the forms that are in use.

    {"access_token", "expires_in"} is the standard's; {"value", "expiresIn", "expiration"} is that
    of Spring's classes. Raises where it stands in neither.
    """
    value = body["access_token"] if "access_token" in body else body["value"]
    if not (isinstance(value, str) and value.isascii() and value.isprintable() and value.strip()):
        raise ValueError("No token.")
    told = body.get("expires_in", body.get("expiresIn"))
    if told is None and body.get("expiration") is not None:
        told = (dt.datetime.fromisoformat(body["expiration"]) - timezone.now()).total_seconds()
    life = _FRESH if told is None else float(told)
    # What is no time, or over, makes a token for this one call.
    return value, min(life, _LONGEST_LIFE) if life > 0 else 0.0


@contextlib.contextmanager
def _as_far_as_the_cache_works() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        log_failure(logger, "The cache that shares access tokens failed", error)
