"""One private page: shown without codes, and handing them out after a click."""

from __future__ import annotations

import dataclasses
import hmac

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import channel_config
from saleor_cdkeys.delivery import contents, download, guards, links, page_render, reveal, throttle
from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.delivery.languages import speaking
from saleor_cdkeys.delivery.page_render import Frame, Sight
from saleor_cdkeys.delivery.shop import public_name
from saleor_cdkeys.models import Delivery, DeliveryLink, KeyOrder
from saleor_cdkeys.statuses import AccessKind


def answer(request: HttpRequest, *, base: str, token: str, action: str) -> HttpResponse:
    """The page of a link, or with the action ``reveal`` or ``download`` its codes.

    Raises LinkUnknown and TooManyRequests.
    """
    path = f"{base}{links.page_path(token)}"
    try:
        link, is_live = _find(token, ip=client_ip(request)), True
    except links.LinkExpired as expired:
        link, is_live = expired.link, False
    config = channel_config.for_channel(link.delivery.channel_id)
    with speaking(link.delivery.language_code) as language:
        frame = Frame(language=language, shop=public_name(config), base=base)
        if not is_live:
            return page_render.expired_page(frame, path=path)
        order_email = _order_email(link.delivery)
        sight = Sight(
            link=link,
            path=path,
            parts=contents.read_parts(delivery_id=link.delivery_id),
            footer=config.mail_footer,
            asks_for_email=contents.is_redirected(delivery=link.delivery, order_email=order_email),
        )
        if not action:
            return _show(request, frame, sight)
        return _hand_out(request, frame, sight, action=action, order_email=order_email)


def _find(token: str, *, ip: str | None) -> DeliveryLink:
    throttle.check_address(throttle.UNKNOWN_LINK_PER_ADDRESS, ip=ip)
    try:
        return links.find_link(token=token)
    except links.LinkUnknown:
        throttle.hit_address(throttle.UNKNOWN_LINK_PER_ADDRESS, ip=ip)
        raise


def _order_email(delivery: Delivery) -> str:
    emails = KeyOrder.objects.filter(units__delivery_items__delivery=delivery).values_list("email")
    return str(emails[:1][0][0]) if emails.exists() else ""


def _show(request: HttpRequest, frame: Frame, sight: Sight) -> HttpResponse:
    if request.method == "GET":
        unopened = Delivery.objects.filter(pk=sight.link.delivery_id, opened_at__isnull=True)
        unopened.update(opened_at=timezone.now())
    return page_render.keys_page(frame, sight)


def _hand_out(
    request: HttpRequest, frame: Frame, sight: Sight, *, action: str, order_email: str
) -> HttpResponse:
    ip, link = client_ip(request), sight.link
    throttle.hit_address(throttle.REVEAL_PER_ADDRESS, ip=ip)
    throttle.hit(throttle.REVEAL_PER_LINK, subject=str(link.pk))
    email = request.POST.get("email", "").strip()
    if sight.asks_for_email and not _is_right_answer(link, email, order_email):
        problem = _("That is not the address that the order was placed with.")
        sight = dataclasses.replace(sight, problem=problem)
        return page_render.keys_page(frame, sight, status=403)

    kind = AccessKind.CUSTOMER_DOWNLOAD if action == "download" else AccessKind.CUSTOMER_REVEAL
    codes = reveal.reveal_for_link(link=link, ip=ip, kind=kind)
    if action == "reveal":
        return page_render.keys_page(frame, dataclasses.replace(sight, codes=codes, email=email))
    number = link.delivery.order_number
    text = download.as_text(order_number=number, shop=frame.shop, parts=sight.parts, codes=codes)
    data, media_type, filename = download.as_file(order_number=number, text=text, codes=codes)
    return guards.file_response(data, media_type=media_type, filename=filename)


def _is_right_answer(link: DeliveryLink, email: str, order_email: str) -> bool:
    """Whether the visitor knows the order's own address. Only wrong answers are counted."""
    throttle.check(throttle.WRONG_ANSWER_PER_LINK, subject=str(link.pk))
    if hmac.compare_digest(email.casefold().encode(), order_email.casefold().encode()):
        return True
    throttle.hit(throttle.WRONG_ANSWER_PER_LINK, subject=str(link.pk))
    return False
