"""Saving what one channel does differently from the plugin's configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_cdkeys import channel_config
from saleor_cdkeys.acquisition.amounts import problem_of_amount
from saleor_cdkeys.delivery.texts import PLACEHOLDERS
from saleor_cdkeys.errors import InvalidInput, InvalidValues
from saleor_cdkeys.host import channels
from saleor_cdkeys.models import ChannelSettings

#: Empty text means: as the plugin's configuration says. So does None for the others.
TEXTS = ("sender_name", "sender_address", "mail_subject", "mail_intro", "mail_footer")
FIELDS = (
    *TEXTS,
    "auto_processing",
    "process_delay",
    "codes_in_mail",
    "alert_recipients",
    "hold_above_amount",
    "hold_above_quantity",
    "link_days",
)

_LENGTHS = {"sender_name": 255, "sender_address": 254, "mail_subject": 255}
_LONGEST_TEXT = 10_000
_BRACED = re.compile(r"\{(\w+)\}")


def read(*, channel_id: int, using: str | None = None) -> ChannelSettings:
    """The channel's own settings; a row that was never saved has none."""
    rows = ChannelSettings.objects.using(using) if using else ChannelSettings.objects.all()
    return rows.filter(channel_id=channel_id).first() or ChannelSettings(channel_id=channel_id)


def save(*, channel_id: int, values: Mapping[str, Any]) -> ChannelSettings:
    """Change the settings that ``values`` holds, of those in FIELDS.

    Raises InvalidInput for an unknown channel, InvalidValues for what could not be used; nothing
    is saved then.
    """
    if channels.channel_by_id(channel_id) is None:
        raise InvalidInput(_("There is no such channel."), field="channel", code="not_found")
    values = {field: _normal(field, values[field]) for field in FIELDS if field in values}
    problems = _problems(values)
    if problems:
        raise InvalidValues(problems)
    with transaction.atomic():
        settings, _created = ChannelSettings.objects.select_for_update().get_or_create(
            channel_id=channel_id
        )
        for field, value in values.items():
            setattr(settings, field, value)
        settings.save()
    return settings


def _normal(field: str, value: Any) -> Any:
    if field in TEXTS:
        return (value or "").strip()
    if field == "alert_recipients" and value is not None:
        return [address.strip() for address in value if address.strip()]
    return value


def _problems(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong: the plugin's own rules for what its form has too, ours for the rest."""
    checked = {
        field: ",".join(value) if isinstance(value, list) else str(value)
        for field, value in values.items()
        if value is not None and field not in ("mail_intro", "mail_footer")
    }
    found = channel_config.problems(checked)
    for field in TEXTS:
        problem = _problem_of_text(field, values.get(field, ""))
        if problem:
            found[field] = problem
    amount: Decimal | None = values.get("hold_above_amount")
    problem = problem_of_amount(amount) if amount is not None else None
    if problem:
        found["hold_above_amount"] = problem
    return found


def _problem_of_text(field: str, text: str) -> str | None:
    limit = _LENGTHS.get(field, _LONGEST_TEXT)
    if len(text) > limit:
        return _("Write at most %(limit)d characters.") % {"limit": limit}
    if field == "mail_subject" and not text.isprintable():
        return _("A subject is one line.")
    unknown = [word for word in _BRACED.findall(text) if word not in PLACEHOLDERS]
    if field.startswith("mail_") and unknown:
        return _("{%(word)s} is not known. You can use %(known)s.") % {
            "word": unknown[0],
            "known": ", ".join(f"{{{word}}}" for word in PLACEHOLDERS),
        }
    return None
