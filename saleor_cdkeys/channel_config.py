"""What holds for one channel: its own settings over the plugin's configuration."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from saleor_cdkeys.host import configuration
from saleor_cdkeys.models import ChannelSettings

T = TypeVar("T")

#: The plugin's configuration form in Saleor: name → default. Lists are comma separated, delays in
#: seconds, and an empty limit means none.
PLUGIN_DEFAULTS: Mapping[str, str | bool] = {
    "auto_processing": True,
    "process_delay": "0",
    "codes_in_mail": False,
    "sender_name": "",
    "sender_address": "",
    "link_days": "30",
    "hold_above_quantity": "",
    "alert_recipients": "",
}

#: Lowest and highest of the whole numbers: a delay of up to 30 days, a link of up to ten years.
LIMITS: Mapping[str, tuple[int, int]] = {
    "process_delay": (0, 30 * 86400),
    "link_days": (1, 3650),
    "hold_above_quantity": (1, 1_000_000),
}


@dataclasses.dataclass(frozen=True, slots=True)
class ChannelConfig:
    """The settings in force for a channel. ``process_delay`` in seconds, ``link_days`` in days."""

    auto_processing: bool
    process_delay: int
    codes_in_mail: bool
    sender_name: str
    sender_address: str
    mail_subject: str
    mail_intro: str
    mail_footer: str
    alert_recipients: tuple[str, ...]
    hold_above_amount: Decimal | None
    hold_above_quantity: int | None
    link_days: int


def split_addresses(text: str) -> tuple[str, ...]:
    """Addresses from a comma or line separated text."""
    return tuple(part.strip() for part in text.replace("\n", ",").split(",") if part.strip())


def pick(value: T | None, default: T) -> T:
    """The channel's own value, or the plugin's where it has none."""
    return default if value is None else value


def for_channel(channel_id: int) -> ChannelConfig:
    """The settings in force. Two queries; callers that loop keep the answer."""
    own = ChannelSettings.objects.filter(channel_id=channel_id).first()
    return _over_plugin(own or ChannelSettings(channel_id=channel_id))


def for_plugin() -> ChannelConfig:
    """The settings where no channel is concerned: the plugin's configuration. One query."""
    return _over_plugin(ChannelSettings())


def _over_plugin(own: ChannelSettings) -> ChannelConfig:
    form = {**PLUGIN_DEFAULTS, **configuration.plugin_values()}
    form_quantity = str(form["hold_above_quantity"] or "").strip()
    return ChannelConfig(
        auto_processing=pick(own.auto_processing, bool(form["auto_processing"])),
        process_delay=pick(own.process_delay, int(form["process_delay"] or 0)),
        codes_in_mail=pick(own.codes_in_mail, bool(form["codes_in_mail"])),
        sender_name=own.sender_name or str(form["sender_name"] or ""),
        sender_address=own.sender_address or str(form["sender_address"] or ""),
        mail_subject=own.mail_subject,
        mail_intro=own.mail_intro,
        mail_footer=own.mail_footer,
        alert_recipients=tuple(
            pick(own.alert_recipients, split_addresses(str(form["alert_recipients"] or "")))
        ),
        hold_above_amount=own.hold_above_amount,
        hold_above_quantity=pick(
            own.hold_above_quantity, int(form_quantity) if form_quantity else None
        ),
        link_days=pick(own.link_days, int(form["link_days"] or 30)),
    )


def problems(values: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with values of the plugin's form: field → what to do about it."""
    found: dict[str, str] = {}
    for field, (lowest, highest) in LIMITS.items():
        text = str(values.get(field) or "").strip()
        if text and not (text.isdecimal() and lowest <= int(text) <= highest):
            found[field] = _("Enter a whole number from %(lowest)d to %(highest)d.") % {
                "lowest": lowest,
                "highest": highest,
            }
    for field in ("sender_address", "alert_recipients"):
        addresses = split_addresses(str(values.get(field) or ""))
        if field == "sender_address" and len(addresses) > 1:
            found[field] = _("Enter one address.")
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                found[field] = _("%(address)s is not an e-mail address.") % {"address": address}
    # A line break would end the header that the name stands in.
    if not str(values.get("sender_name") or "").isprintable():
        found["sender_name"] = _("Enter a name without line breaks.")
    return found
