"""Storing exchange rates: typed by hand, or from a file or address that the merchant chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange import resting
from saleor_cdkeys.exchange.addresses import shown
from saleor_cdkeys.exchange.checking import check_rate
from saleor_cdkeys.exchange.reading import MAX_BYTES, RateOfDay, read_rates
from saleor_cdkeys.models import ExchangeRate
from saleor_cdkeys.statuses import AlertKind
from saleor_cdkeys.suppliers.quiet import quiet

_TIMEOUT = 20.0
#: The subject of alerts about the address that rates are fetched from.
FETCH_SUBJECT = "exchange_rates:fetch"

_STORE = """
INSERT INTO saleor_cdkeys_exchangerate (base, currency, rate, date, source, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (currency, base, date) DO UPDATE
SET rate = EXCLUDED.rate, source = EXCLUDED.source, created_at = EXCLUDED.created_at
"""


def store(rates: Sequence[RateOfDay], *, source: str) -> int:
    """Store rates, all or none; one of the same day replaces what was there. Returns how many.

    Raises InvalidInput for what can be no rate.
    """
    now = timezone.now()
    for rate in rates:
        check_rate(base=rate.base, currency=rate.currency, rate=rate.rate, date=rate.date)
    with transaction.atomic(), connection.cursor() as cursor:
        # In one order, so that two who store the same rates do not wait for each other in a ring.
        for rate in sorted(rates, key=lambda each: (each.currency, each.base, each.date)):
            cursor.execute(
                _STORE, [rate.base, rate.currency, rate.rate, rate.date, source[:255], now]
            )
    for rate in rates:
        for pair in ((rate.base, rate.currency), (rate.currency, rate.base)):
            resolve_alerts(subject=pair_subject(*pair), kind=AlertKind.EXCHANGE_RATE)
    return len(rates)


def pair_subject(currency_from: str, currency_to: str) -> str:
    """The subject of alerts about a rate that is missing."""
    return f"exchange_rate:{currency_from}:{currency_to}"


def fetch(url: str, *, base: str = "EUR") -> int:
    """Store the rates that an address gives. Raises InvalidInput (field ``url``, ``file``).

    The key of an account that the address may hold is neither stored nor shown nor logged.
    """
    try:
        with quiet():
            content = _get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InvalidInput(
            _("%(url)s could not be read (%(kind)s).")
            % {"url": shown(url), "kind": _plainly(error)},
            field="url",
        ) from None
    rates = read_rates(content, base=base, date=timezone.now().date())
    count = store(rates, source=shown(url))
    if url == str(conf.get("CDKEYS_RATES_URL")):
        resting.note_success(url)
        resolve_alerts(subject=FETCH_SUBJECT, kind=AlertKind.EXCHANGE_RATE)
    return count


def fetch_now() -> int:
    """Fetch the rates of CDKEYS_RATES_URL, also where it is left alone. Returns how many.

    Raises InvalidInput (field ``url``, ``file``).
    """
    url = str(conf.get("CDKEYS_RATES_URL"))
    if not url:
        raise InvalidInput(_("No address is set in CDKEYS_RATES_URL."), field="url")
    return fetch(url)


def fetch_when_due() -> int:
    """Fetch the rates of CDKEYS_RATES_URL if that was not done for a while. Returns how many.

    An address that fails is alerted until it works, and left alone for ever longer: from a few
    minutes to some hours.
    """
    url = str(conf.get("CDKEYS_RATES_URL"))
    if not url or _is_fresh(url) or not resting.take_turn(url):
        return 0
    try:
        return fetch(url)
    except InvalidInput as error:
        seconds = resting.note_failure(url)
        raise_alert(
            kind=AlertKind.EXCHANGE_RATE,
            subject=FETCH_SUBJECT,
            message=_(
                "%(error)s It is asked again in %(minutes)d minutes; `manage.py cdkeys_rates "
                "--update` asks at once."
            )
            % {"error": str(error)[:350], "minutes": seconds // 60},
        )
        return 0


def _is_fresh(url: str) -> bool:
    seconds = float(conf.get("CDKEYS_RATES_SECONDS"))
    newest = ExchangeRate.objects.filter(source=shown(url)[:255]).order_by("-id").first()
    return newest is not None and (timezone.now() - newest.created_at).total_seconds() < seconds


def _get(url: str) -> bytes:
    received = bytearray()
    with httpx.stream("GET", url, timeout=_TIMEOUT, follow_redirects=True) as response:
        response.raise_for_status()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > MAX_BYTES:
                raise InvalidInput(_("The file is too large for exchange rates."), field="file")
    return bytes(received)


def _plainly(error: Any) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return str(error.response.status_code)
    return type(error).__name__
