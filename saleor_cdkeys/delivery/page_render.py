"""Drawing the private page and its messages."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.delivery import texts, wording
from saleor_cdkeys.delivery.contents import ProductPart
from saleor_cdkeys.delivery.guards import html_response
from saleor_cdkeys.delivery.languages import Language
from saleor_cdkeys.delivery.reveal import RevealedUnit
from saleor_cdkeys.models import DeliveryLink
from saleor_cdkeys.values import KeyCode

#: Kinds of image that browsers draw and that cannot hold a script.
_DRAWABLE = ("image/png", "image/jpeg", "image/gif", "image/webp")

#: So many masked rows are drawn before the click; the number itself stands beside them.
_MASKED_ROWS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """What every page is drawn in. ``base`` is the path of the plugin's URL, without a slash."""

    language: Language
    shop: str
    base: str

    def context(self, **more: Any) -> dict[str, Any]:
        return {"language": self.language, "shop": self.shop, **more}


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """What a private page shows. ``codes`` is None before the click."""

    link: DeliveryLink
    path: str
    parts: tuple[ProductPart, ...]
    footer: str
    asks_for_email: bool
    codes: Sequence[RevealedUnit] | None = None
    email: str = ""
    problem: str = ""


def keys_page(frame: Frame, sight: Sight, *, status: int = 200) -> HttpResponse:
    """The private page, before or after the click."""
    count = sum(len(part.units) for part in sight.parts)
    number = sight.link.delivery.order_number
    values = {"order_number": number, "shop": frame.shop, "products": ""}
    revealed = sight.codes is not None
    if not count:
        title = _("There are no keys here any more")
    elif revealed:
        title = ngettext("Your key", "Your keys", count)
    else:
        title = ngettext("Your key is ready", "Your keys are ready", count)
    context = frame.context(
        title=title,
        order_number=number,
        products=[_product(part, sight.codes) for part in sight.parts],
        button=ngettext("Show my key", "Show my keys", count),
        has_keys=bool(count),
        has_text=any(not unit.code.data for unit in sight.codes or ()),
        revealed=revealed,
        asks_for_email=sight.asks_for_email,
        email=sight.email,
        problem=sight.problem,
        expires_on=frame.language.day(sight.link.expires_at),
        footer=texts.fill(sight.footer, values),
        page_url=sight.path,
        reveal_url=f"{sight.path}/reveal",
        download_url=f"{sight.path}/download",
    )
    return html_response("keys.html", context, status=status)


def _product(part: ProductPart, codes: Sequence[RevealedUnit] | None) -> dict[str, Any]:
    if codes is None:
        units = part.units[:_MASKED_ROWS] if len(part.units) > _MASKED_ROWS else part.units
        keys = [{"label": _label(unit.number, part)} for unit in units]
    else:
        own = [unit for unit in codes if unit.key_order_id == part.key_order_id]
        keys = [_key(unit.code, number=unit.number, part=part) for unit in own]
    return {
        "name": part.product_name,
        "amount": wording.amount(part),
        "notes": wording.notes(part),
        "instructions": part.instructions.strip(),
        "keys": keys,
    }


def _label(number: int, part: ProductPart) -> str:
    """A name only where there is more than one to tell apart."""
    return "" if part.quantity == 1 else wording.key_label(number=number, quantity=part.quantity)


def _key(code: KeyCode, *, number: int, part: ProductPart) -> dict[str, Any]:
    name = wording.key_label(number=number, quantity=part.quantity)
    return {
        "label": _label(number, part),
        "lines": code.fields or (("", code.text),),
        "file": bool(code.data),
        "src": _data_address(code),
        "alt": f"{part.product_name}: {name}",
        "copy_label": _("Copy: %(key)s") % {"key": name},
    }


def _data_address(code: KeyCode) -> str:
    if code.media_type not in _DRAWABLE:
        return ""
    return f"data:{code.media_type};base64,{base64.b64encode(code.data).decode()}"


def lost_link_page(
    frame: Frame, *, order_number: str = "", email: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """Where a customer asks for a new link with the order's number and e-mail address."""
    context = frame.context(
        title=_("Get a new link to your keys"),
        order_number=order_number,
        email=email,
        problem=problem,
        lost_url=f"{frame.base}/lost-link",
    )
    return html_response("lost_link.html", context, status=status)


def expired_page(frame: Frame, *, path: str) -> HttpResponse:
    """The link was right once: one click asks for the next."""
    return _message(
        frame,
        title=_("This link has expired"),
        text=_(
            "Links work for a limited time to keep your keys safe. We can send a new one to the "
            "e-mail address of your order."
        ),
        icon="i-clock",
        new_link_url=f"{path}/new-link",
        status=410,
    )


def not_found_page(frame: Frame) -> HttpResponse:
    """No such page, or a link that is unknown or revoked."""
    return _message(
        frame,
        title=_("This link does not work"),
        text=_("It may be incomplete, or it was replaced by a newer one."),
        icon="i-broken",
        tone="bad",
        lost_url=f"{frame.base}/lost-link",
        status=404,
    )


def link_sent_page(frame: Frame) -> HttpResponse:
    """The same answer whatever was asked for and whether it exists."""
    return _message(
        frame,
        title=_("Check your inbox"),
        text=_(
            "If there is such an order, a new link is on its way to the order's e-mail address. It "
            "arrives within a few minutes; look into the spam folder too."
        ),
        icon="i-mail",
    )


def too_many_page(frame: Frame, *, retry_after: int) -> HttpResponse:
    """Asked too often."""
    response = _message(
        frame,
        title=_("Too many attempts"),
        text=_("Please wait a while and try again."),
        icon="i-clock",
        status=429,
    )
    response.headers["Retry-After"] = str(retry_after)
    return response


def refused_page(frame: Frame) -> HttpResponse:
    """A POST that another site made."""
    return _message(
        frame,
        title=_("Open the link from your e-mail"),
        text=_("This request came from another website, so it was not carried out."),
        icon="i-alert",
        tone="bad",
        status=403,
    )


def trouble_page(frame: Frame) -> HttpResponse:
    """Something of ours went wrong."""
    return _message(
        frame,
        title=_("Something went wrong"),
        text=_("Your keys are safe. Please try again in a few minutes, or contact the shop."),
        icon="i-alert",
        tone="bad",
        status=500,
    )


def _message(
    frame: Frame,
    *,
    title: str,
    text: str,
    icon: str,
    tone: str = "",
    new_link_url: str = "",
    lost_url: str = "",
    status: int = 200,
) -> HttpResponse:
    context = frame.context(
        title=title,
        text=text,
        icon=icon,
        tone=tone,
        new_link_url=new_link_url,
        lost_url=lost_url,
    )
    return html_response("message.html", context, status=status)
