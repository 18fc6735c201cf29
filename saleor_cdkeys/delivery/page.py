"""The private page: what the plugin's own URL answers.

GET  /k/<token>            the page, without codes: mail scanners open links
POST /k/<token>/reveal     the page with codes, after the click
POST /k/<token>/download   the codes as a file
POST /k/<token>/new-link   asks for a new link, from an expired one too
GET, POST /lost-link       asks for a new link with order number and e-mail address
"""

from __future__ import annotations

import logging
import re
import traceback

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from saleor_cdkeys import channel_config
from saleor_cdkeys.delivery import guards, links, new_link, page_render, private_page, throttle
from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.delivery.languages import Language, speaking
from saleor_cdkeys.delivery.page_render import Frame
from saleor_cdkeys.delivery.shop import public_name

logger = logging.getLogger(__name__)

_PRIVATE = re.compile(r"^/k/(?P<token>[^/]{1,200})(?:/(?P<action>reveal|download|new-link))?/?$")
_METHODS = ("GET", "HEAD", "POST")


def handle(request: HttpRequest, path: str) -> HttpResponse:
    """The answer to a request below the plugin's URL; ``path`` is what follows it.

    Never raises: the report of an error would hold the path, and the path holds the token.
    """
    base = request.path.removesuffix(path)
    with speaking(get_language_from_request(request)) as language:
        try:
            return _route(request, path, base, language)
        except throttle.TooManyRequests as error:
            retry_after = error.retry_after
            return page_render.too_many_page(_neutral(language, base), retry_after=retry_after)
        except Exception as error:
            # Frames without their values: a local variable may hold a code or a token.
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("The private page failed: %s\n%s", type(error).__name__, frames)
            return page_render.trouble_page(Frame(language=language, shop="", base=base))


def _neutral(language: Language, base: str) -> Frame:
    """For answers that must not tell whether there is a delivery, or of which channel."""
    return Frame(language=language, shop=public_name(channel_config.for_plugin()), base=base)


def _route(request: HttpRequest, path: str, base: str, language: Language) -> HttpResponse:
    if request.method not in _METHODS:
        answer = HttpResponse(status=405, headers={"Allow": ", ".join(_METHODS)})
        return guards.protected(answer)
    if request.method == "POST" and not guards.is_same_origin(request):
        return page_render.refused_page(_neutral(language, base))
    if path.rstrip("/") == links.lost_link_path():
        return _lost_link(request, _neutral(language, base))
    match = _PRIVATE.match(path)
    if match is None:
        return page_render.not_found_page(_neutral(language, base))

    token, action = match["token"], match["action"] or ""
    if action and request.method != "POST":
        # Somebody reloaded, or copied the address of, what a click had answered.
        return guards.protected(HttpResponseRedirect(f"{base}{links.page_path(token)}"))
    if action == "new-link":
        new_link.request_by_token(token=token, ip=client_ip(request))
        return page_render.link_sent_page(_neutral(language, base))
    try:
        return private_page.answer(request, base=base, token=token, action=action)
    except links.LinkUnknown:
        return page_render.not_found_page(_neutral(language, base))


def _lost_link(request: HttpRequest, frame: Frame) -> HttpResponse:
    if request.method != "POST":
        return page_render.lost_link_page(frame)
    order_number = request.POST.get("order", "").strip()
    email = request.POST.get("email", "").strip()
    if not order_number or "@" not in email:
        return page_render.lost_link_page(
            frame,
            order_number=order_number[:64],
            email=email[:254],
            problem=_("Enter the order number and the e-mail address."),
            status=400,
        )
    new_link.request_by_order(order_number=order_number, email=email, ip=client_ip(request))
    return page_render.link_sent_page(frame)
