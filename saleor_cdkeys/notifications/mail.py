"""Telling staff of new alerts by mail: one mail per recipient, however many alerts there are."""

from __future__ import annotations

import dataclasses
import logging
from collections import defaultdict
from email.utils import formataddr

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from saleor_cdkeys import channel_config, postman
from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.host.mail import MailTransport
from saleor_cdkeys.models import Alert

logger = logging.getLogger(__name__)

#: Alerts taken up by one sweep; the next takes the rest.
_PER_SWEEP = 500
#: Alerts told one by one in a mail; of the others it gives the number.
_LISTED = 50

_BUSY = "cdkeys:alert-mail"
_BUSY_SECONDS = 120


@dataclasses.dataclass(frozen=True, slots=True)
class _Letter:
    """What one recipient is told, and who tells them."""

    recipient: str
    sender: str
    alerts: list[Alert]


def mail_new_alerts() -> int:
    """Mail the open alerts that nobody was told of; returns how many mails left.

    An alert is told once, until it was cured and comes back. One whose channel has no alert
    recipients counts as told, so that setting some up later does not bring up the past. A mail
    that fails is tried by the next sweep; better twice than never.
    """
    alerts = list(
        Alert.objects.filter(resolved_at__isnull=True, mailed_at__isnull=True)
        .select_related("key_order")
        .order_by("pk")[:_PER_SWEEP]
    )
    if not alerts or not _take_turn():
        return 0
    try:
        return _mail(alerts)
    finally:
        _end_turn()


def _mail(alerts: list[Alert]) -> int:
    try:
        transport = postman.transport()
    except postman.MailNotSetUp:
        # There is no way out. The alerts stay untold and visible to staff in the API.
        return 0
    letters = _letters(alerts, transport)
    sent = 0
    failed: set[int] = set()
    for letter in letters:
        try:
            postman.hand_over(_compose(letter), transport=transport)
            sent += 1
        except postman.MailRefused as error:
            logger.warning("An alert recipient cannot be mailed: %s", error)
        except postman.MailError as error:
            logger.warning("The mail with alerts was not taken: %s", error)
            failed.update(alert.pk for alert in letter.alerts)
    told = [alert.pk for alert in alerts if alert.pk not in failed]
    Alert.objects.filter(pk__in=told).update(mailed_at=timezone.now())
    return sent


def _letters(alerts: list[Alert], transport: MailTransport) -> list[_Letter]:
    configs: dict[int | None, ChannelConfig] = {}
    by_recipient: dict[str, list[Alert]] = defaultdict(list)
    senders: dict[str, str] = {}
    for alert in alerts:
        channel_id = alert.channel_id or (alert.key_order.channel_id if alert.key_order else None)
        if channel_id not in configs:
            configs[channel_id] = (
                channel_config.for_plugin()
                if channel_id is None
                else channel_config.for_channel(channel_id)
            )
        for recipient in configs[channel_id].alert_recipients:
            by_recipient[recipient].append(alert)
            senders.setdefault(recipient, _sender(configs[channel_id], transport))
    return [
        _Letter(recipient=recipient, sender=senders[recipient], alerts=theirs)
        for recipient, theirs in by_recipient.items()
    ]


def _sender(config: ChannelConfig, transport: MailTransport) -> str:
    name, address = postman.split_sender(transport.default_sender)
    return formataddr((config.sender_name or name, config.sender_address or address))


def _compose(letter: _Letter) -> EmailMultiAlternatives:
    with translation.override(settings.LANGUAGE_CODE):
        count = len(letter.alerts)
        context = {
            "title": ngettext(
                "%(count)d new alert about your game keys",
                "%(count)d new alerts about your game keys",
                count,
            )
            % {"count": count},
            "alerts": letter.alerts[:_LISTED],
            "more": max(count - _LISTED, 0),
            "language": translation.get_language() or "en",
        }
        first = letter.alerts[0]
        subject = f"{first.get_kind_display()}: {first.message}" if count == 1 else context["title"]
        message = EmailMultiAlternatives(
            subject=_shortened(subject),
            body=render_to_string("saleor_cdkeys/mail/alerts.txt", context).strip() + "\n",
            from_email=letter.sender,
            to=[letter.recipient],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )
        message.attach_alternative(
            render_to_string("saleor_cdkeys/mail/alerts.html", context), "text/html"
        )
        return message


def _shortened(subject: object, *, longest: int = 120) -> str:
    text = " ".join(str(subject).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _take_turn() -> bool:
    """Keep two sweeps from mailing the same alerts; where the cache is down both may."""
    try:
        return bool(cache.add(_BUSY, 1, timeout=_BUSY_SECONDS))
    except Exception as error:  # each cache backend has errors of its own
        logger.warning("The cache cannot be reached: %s", type(error).__name__)
        return True


def _end_turn() -> None:
    try:
        cache.delete(_BUSY)
    except Exception as error:
        logger.warning("The cache cannot be reached: %s", type(error).__name__)
