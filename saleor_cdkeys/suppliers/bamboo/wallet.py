"""The account that pays: what is left on it, and its currency."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.utils.translation import gettext as _

from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.suppliers.bamboo.api import Api, Call
from saleor_cdkeys.suppliers.bamboo.reading import Balance, read_accounts
from saleor_cdkeys.suppliers.bamboo.refusals import refuse_if_forbidden
from saleor_cdkeys.suppliers.base import AccountProblem, TryLater
from saleor_cdkeys.suppliers.http import readable
from saleor_cdkeys.values import Money

logger = logging.getLogger(__name__)

#: An account never changes its currency, so its workers ask once in so many seconds.
_REMEMBER = 86400


class Wallet:
    """One of the accounts behind the credentials, by its number.

    ``account`` names ours among all, as for ``SupplierClient``.
    """

    def __init__(self, api: Api, *, account_id: int, account: str) -> None:
        self._api = api
        self._account_id = account_id
        self._cache_key = f"cdkeys:bamboo:{account}:{account_id}" if account else ""
        self._currency = ""

    def balance(self) -> Money:
        """Raises AccountProblem where there is no such account or it is not active, TryLater."""
        answer = self._api.read(Call.ACCOUNTS)
        refuse_if_forbidden(answer)
        accounts = readable(lambda: read_accounts(answer.body)) if answer.is_success else None
        if accounts is None:
            raise TryLater(_("The supplier's answer cannot be read."))
        found: Balance | None = accounts.get(str(self._account_id))
        if found is None or not found.is_active:
            raise AccountProblem(
                _("The credentials have no active account with this number."),
                supplier_code="WrongAccount",
            )
        return found.money

    def currency(self) -> str:
        """Prices are asked for in it, and charges are told in it. Raises as ``balance`` does."""
        self._currency = self._currency or self._remembered()
        if not self._currency:
            self._currency = self.balance().currency
            self._remember()
        return self._currency

    def _remembered(self) -> str:
        if not self._cache_key:
            return ""
        try:
            return str(cache.get(self._cache_key, ""))
        except Exception as error:
            log_failure(logger, "The cache that holds an account's currency failed", error)
            return ""

    def _remember(self) -> None:
        if not self._cache_key:
            return
        try:
            cache.set(self._cache_key, self._currency, timeout=_REMEMBER)
        except Exception as error:
            log_failure(logger, "The cache that holds an account's currency failed", error)
