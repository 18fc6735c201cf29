"""Composing the message with which a delivery reaches the customer."""

from __future__ import annotations

import dataclasses
import datetime as dt
import mimetypes
from collections.abc import Sequence
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.delivery import texts, wording
from saleor_cdkeys.delivery.contents import ProductPart, is_redirected
from saleor_cdkeys.delivery.languages import Language, speaking
from saleor_cdkeys.delivery.reveal import RevealedUnit
from saleor_cdkeys.models import Delivery
from saleor_cdkeys.statuses import DeliveryKind
from saleor_cdkeys.values import CodeKind

#: Named once here, as mail programs take styles only from the element itself.
FONT = "-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif"


@dataclasses.dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the shop's name and the sender's address."""

    shop: str
    address: str


@dataclasses.dataclass(frozen=True, slots=True)
class MailLinks:
    """Absolute addresses: of the private page, until when it works, and where to ask anew."""

    page: str
    expires_at: dt.datetime
    lost: str


def compose(
    *,
    delivery: Delivery,
    order_email: str,
    parts: Sequence[ProductPart],
    links: MailLinks,
    letterhead: Letterhead,
    config: ChannelConfig,
    codes: Sequence[RevealedUnit] = (),
) -> EmailMultiAlternatives:
    """The message, in the customer's language.

    ``codes`` are printed and attached where the channel wants codes in the mail; by default there
    are none. The Message-ID is the same at every attempt, so that a mail server or client that got
    it twice can tell.
    """
    parts = [part for part in parts if part.units]
    with speaking(delivery.language_code) as language:
        values = {
            "order_number": delivery.order_number,
            "products": ", ".join(part.product_name for part in parts),
            "shop": letterhead.shop,
        }
        context = {
            **_wording(delivery, parts, config, values, has_codes=bool(codes)),
            "language": language,
            "start": "right" if language.is_rtl else "left",
            "font": FONT,
            "shop": letterhead.shop,
            "order_number": delivery.order_number,
            "products": [_product(part, codes) for part in parts],
            "has_codes": bool(codes),
            "page_url": links.page,
            "lost_url": links.lost,
            "expires_on": language.day(links.expires_at),
            "asks_for_email": is_redirected(delivery=delivery, order_email=order_email),
        }
        message = EmailMultiAlternatives(
            subject=texts.one_line(context["subject"]),
            body=render_to_string("saleor_cdkeys/mail/delivery.txt", context).strip() + "\n",
            from_email=formataddr((texts.one_line(letterhead.shop), letterhead.address)),
            to=[delivery.recipient],
            headers=headers(delivery, letterhead, language),
        )
        message.attach_alternative(
            render_to_string("saleor_cdkeys/mail/delivery.html", context), "text/html"
        )
    for unit in codes:
        if unit.code.data:
            message.attach(attachment_name(unit), unit.code.data, _media_type(unit))
    return message


def attachment_name(unit: RevealedUnit) -> str:
    """A file name of our own making for a code that is an image or file."""
    extension = mimetypes.guess_extension(unit.code.media_type) or ".bin"
    return f"key-{unit.key_order_id}-{unit.number}{extension}"


def _media_type(unit: RevealedUnit) -> str:
    main, slash, sub = unit.code.media_type.partition("/")
    return unit.code.media_type if slash and main and sub else "application/octet-stream"


def headers(delivery: Delivery, letterhead: Letterhead, language: Language) -> dict[str, str]:
    """The Message-ID is the same at every attempt."""
    domain = letterhead.address.rpartition("@")[2]
    return {
        "Message-ID": f"<cdkeys.{delivery.uid}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": language.code,
    }


def _wording(
    delivery: Delivery,
    parts: Sequence[ProductPart],
    config: ChannelConfig,
    values: dict[str, str],
    *,
    has_codes: bool,
) -> dict[str, Any]:
    count = sum(len(part.units) for part in parts)
    number = {"number": delivery.order_number}
    if delivery.kind == DeliveryKind.NEW_LINK:
        subject = _("Your new link for order %(number)s") % number
        heading = _("Here is your new link")
        intro = _("You asked for a new link to the keys of your order.")
    else:
        subject = (
            ngettext("Your key for order %(number)s", "Your keys for order %(number)s", count)
            % number
        )
        heading = ngettext("Your key is ready", "Your keys are ready", count)
        intro = (
            _("Thank you for your purchase. Your keys are below and on your private page.")
            if has_codes
            else _("Thank you for your purchase. Everything you need is one click away.")
        )
        subject = texts.fill(config.mail_subject, values) or subject
        intro = texts.fill(config.mail_intro, values) or intro
    return {
        "subject": subject,
        "heading": heading,
        "intro": intro,
        "footer": texts.fill(config.mail_footer, values),
        "preheader": f"{values['products']} · {wording.total(count)}",
        "button": ngettext("Show my key", "Show my keys", count),
    }


def _product(part: ProductPart, codes: Sequence[RevealedUnit]) -> dict[str, Any]:
    return {
        "name": part.product_name,
        "amount": wording.amount(part),
        "notes": wording.notes(part),
        "instructions": part.instructions.strip(),
        "keys": [
            {
                "label": wording.key_label(number=unit.number, quantity=part.quantity),
                "text": unit.code.text,
                "fields": unit.code.fields,
                "file": attachment_name(unit) if unit.code.data else "",
                "is_image": unit.code.kind is CodeKind.IMAGE,
            }
            for unit in codes
            if unit.key_order_id == part.key_order_id
        ],
    }
