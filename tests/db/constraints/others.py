"""What must never be of suppliers, alerts, rates and settings."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from saleor_cdkeys.models import Alert, ChannelSettings, ExchangeRate, Supplier
from saleor_cdkeys.statuses import AlertKind
from tests.db.constraints.rows import NOW


def second_open_alert_of_a_cause() -> None:
    for _number in range(2):
        Alert.objects.create(kind=AlertKind.OUT_OF_STOCK, subject="key_product:1", message="m")


def reopened_alert() -> None:
    fields = {"kind": AlertKind.OUT_OF_STOCK, "subject": "key_product:1", "message": "m"}
    solved = Alert.objects.create(**fields, resolved_at=NOW)
    Alert.objects.create(**fields)
    Alert.objects.filter(pk=solved.pk).update(resolved_at=None)


def second_supplier_of_a_name() -> None:
    for _number in range(2):
        Supplier.objects.create(name="S", adapter="sandbox")


def second_supplier_with_a_uid() -> None:
    first = Supplier.objects.create(name="S", adapter="sandbox")
    Supplier.objects.create(name="T", adapter="sandbox", uid=first.uid)


def _rate(value="1.1", **fields) -> None:
    fields = {"base": "EUR", "currency": "USD", "date": NOW.date()} | fields
    ExchangeRate.objects.create(rate=Decimal(value), **fields)


def second_rate_of_a_day() -> None:
    _rate()
    _rate("1.2")


def rate_of_nothing() -> None:
    _rate()
    _rate("0", currency="PLN")


def second_settings_of_a_channel() -> None:
    for _number in range(2):
        ChannelSettings.objects.create(channel_id=1)


NEVER: list[tuple[Callable[[], None], str]] = [
    (second_open_alert_of_a_cause, "cdkeys_alert_one_open"),
    (reopened_alert, "cdkeys_alert_one_open"),
    (second_supplier_of_a_name, "Supplier.name"),
    (second_supplier_with_a_uid, "Supplier.uid"),
    (second_rate_of_a_day, "cdkeys_rate_once_a_day"),
    (rate_of_nothing, "cdkeys_rate_positive"),
    (second_settings_of_a_channel, "ChannelSettings.channel_id"),
]
