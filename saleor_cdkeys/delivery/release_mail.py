"""Composing the message that tells when keys will come."""

from __future__ import annotations

import datetime as dt
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.delivery import mail, texts, wording
from saleor_cdkeys.delivery.languages import Language, speaking
from saleor_cdkeys.delivery.release_notice import Notice
from saleor_cdkeys.models import Delivery


def compose(
    *, delivery: Delivery, notice: Notice, letterhead: mail.Letterhead, config: ChannelConfig
) -> EmailMultiAlternatives:
    """The message, in the customer's language. It holds no key and no link."""
    with speaking(delivery.language_code) as language:
        values = {
            "order_number": delivery.order_number,
            "products": notice.product_name,
            "shop": letterhead.shop,
        }
        context = {
            **_wording(delivery, notice, language),
            "language": language,
            "start": "right" if language.is_rtl else "left",
            "font": mail.FONT,
            "shop": letterhead.shop,
            "order_number": delivery.order_number,
            "product": notice.product_name,
            "amount": wording.total(notice.count),
            "footer": texts.fill(config.mail_footer, values),
        }
        message = EmailMultiAlternatives(
            subject=texts.one_line(context["subject"]),
            body=render_to_string("saleor_cdkeys/mail/release.txt", context).strip() + "\n",
            from_email=formataddr((texts.one_line(letterhead.shop), letterhead.address)),
            to=[delivery.recipient],
            headers=mail.headers(delivery, letterhead, language),
        )
        message.attach_alternative(
            render_to_string("saleor_cdkeys/mail/release.html", context), "text/html"
        )
    return message


def _wording(delivery: Delivery, notice: Notice, language: Language) -> dict[str, Any]:
    number = {"number": delivery.order_number}
    if notice.release_on is None:
        heading = ngettext("Your key is reserved", "Your keys are reserved", notice.count)
        intro = ngettext(
            "What you bought is not released yet. You get your key by e-mail as soon as it is.",
            "What you bought is not released yet. You get your keys by e-mail as soon as it is.",
            notice.count,
        )
        return {
            "subject": _("Order %(number)s: reserved for you") % number,
            "heading": heading,
            "intro": intro,
        }
    day = {"date": language.day(dt.datetime.combine(notice.release_on, dt.time()))}
    if notice.is_moved:
        subject = _("Order %(number)s: the release moved to %(date)s") % {**number, **day}
        intro = ngettext(
            "The release of what you bought was moved. You get your key by e-mail on %(date)s.",
            "The release of what you bought was moved. You get your keys by e-mail on %(date)s.",
            notice.count,
        )
    else:
        subject = _("Order %(number)s: released on %(date)s") % {**number, **day}
        intro = ngettext(
            "Thank you for your order. You get your key by e-mail on the day of the release, "
            "%(date)s.",
            "Thank you for your order. You get your keys by e-mail on the day of the release, "
            "%(date)s.",
            notice.count,
        )
    return {
        "subject": subject,
        "heading": _("Released on %(date)s") % day,
        "intro": intro % day,
    }
