"""Whether suppliers' prices can be compared with what customers pay."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from saleor_cdkeys.alerts import is_alert_open
from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.exchange.converting import NoRate, Rates
from saleor_cdkeys.exchange.updating import pair_subject
from saleor_cdkeys.host.channels import all_channels
from saleor_cdkeys.models import KeyOrder, Purchase, Supplier
from saleor_cdkeys.statuses import AlertKind


def exchange_rates() -> Iterator[Finding]:
    """There is a rate, new enough, between the currencies of suppliers in use and of the shop.

    One that stops an order is a problem, one that might a warning. Nothing is said where all is one
    currency.
    """
    rates = Rates.read()
    needed = _needed()
    missing = 0
    for pair in needed:
        try:
            rates.rate(*pair)
        except NoRate as error:
            missing += 1
            stops_orders = is_alert_open(kind=AlertKind.EXCHANGE_RATE, subject=pair_subject(*pair))
            find = problem if stops_orders else warning
            yield find(
                str(error),
                _("Have them fetched every day: set CDKEYS_RATES_URL to the ECB's daily file."),
            )
    if needed and not missing:
        yield fine(
            _("The rates that are needed are new enough: %(pairs)s.")
            % {"pairs": ", ".join(f"{shop} → {supplier}" for shop, supplier in needed)}
        )


def _needed() -> list[tuple[str, str]]:
    """The currencies that customers pay in, each with those of other suppliers in use."""
    shop = {
        channel.currency
        for channel in all_channels()
        if KeyOrder.objects.filter(channel_id=channel.id).exists()
    }
    suppliers = {
        currency
        for supplier in Supplier.objects.filter(is_active=True)
        for currency in _currencies_of(supplier)
    }
    return sorted((ours, theirs) for ours in shop for theirs in suppliers if ours != theirs)


def _currencies_of(supplier: Supplier) -> set[str]:
    """What it sells in, as far as it said: prices, the last purchase, the balance."""
    mappings = supplier.mappings.filter(is_active=True)
    found = set(mappings.order_by().values_list("price_currency", flat=True).distinct())
    last = Purchase.objects.filter(supplier=supplier).order_by("-id").first()
    found.add(last.currency if last is not None else "")
    found.add(supplier.balance_currency)
    return found - {""}
