"""The address at which a supplier may tell that something changed.

POST /supplier/<uid of the account>/   204 for a message that is proven, whatever is known or done

403: it is not proven; 404: no such account, or one whose supplier sends none; 405: not a POST;
413: too large; 429: too many from one address; 503: the account is not set up; 500: a bug of ours.
No answer has a body, and what is known of orders and products shows in none.

The message is proven by the account's adapter, and nothing is asked of the supplier here: it waits
for our answer, and the message may be one of a thousand.
"""

from __future__ import annotations

import logging
import re
import uuid

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError

from saleor_cdkeys import bell
from saleor_cdkeys.acquisition.accounts import open_account
from saleor_cdkeys.acquisition.hints import follow_hints
from saleor_cdkeys.delivery import throttle
from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.errors import CdKeysError, ConfigurationError
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.host.urls import plugin_url
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.base import ForgedMessage, Webhooks
from saleor_cdkeys.suppliers.registry import adapter_class

logger = logging.getLogger(__name__)

PREFIX = "/supplier/"

#: A message is some lines of JSON. In bytes.
MAX_BODY = 256 * 1024

MESSAGES_PER_ADDRESS = throttle.Limit("supplier-message-address", 1200, 60)
#: A wrong secret or address: what guessing needs.
REFUSED_PER_ADDRESS = throttle.Limit("supplier-refused-address", 60, 3600)

_PATH = re.compile(r"^/supplier/(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?$")


def message_url(supplier: Supplier) -> str | None:
    """The address for the supplier's messages; None where its adapter reads none."""
    try:
        reads_messages = adapter_class(supplier.adapter).capabilities.webhooks
    except ConfigurationError:
        return None
    return plugin_url(f"{PREFIX}{supplier.uid}/") if reads_messages else None


def handle(request: HttpRequest, path: str) -> HttpResponse:
    """The answer to a request below ``/supplier/``. Never raises."""
    try:
        return _answer(request, path)
    except throttle.TooManyRequests as error:
        return HttpResponse(status=429, headers={"Retry-After": str(error.retry_after)})
    except Exception as error:
        log_failure(logger, "A supplier's message could not be taken", error)
        return HttpResponse(status=500)


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    ip = client_ip(request)
    throttle.check_address(REFUSED_PER_ADDRESS, ip=ip)
    throttle.hit_address(MESSAGES_PER_ADDRESS, ip=ip)
    body = _read(request)
    if body is None:
        return HttpResponse(status=413)
    status = _take(path, dict(request.headers), body)
    if status in (403, 404):
        throttle.hit_address(REFUSED_PER_ADDRESS, ip=ip)
    return HttpResponse(status=status)


def _read(request: HttpRequest) -> bytes | None:
    """The body as it is, or None where it is too large."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_BODY:
        return None
    try:
        body: bytes = request.read(MAX_BODY + 1)
    except (RawPostDataException, UnreadablePostError):
        return b""
    return body if len(body) <= MAX_BODY else None


def _take(path: str, headers: dict[str, str], body: bytes) -> int:
    """Have the message proven and do what it is about; the status to answer with."""
    match = _PATH.match(path)
    supplier = match and Supplier.objects.filter(uid=uuid.UUID(match["uid"])).first()
    if not supplier:
        return 404
    try:
        with open_account(supplier=supplier) as adapter:
            if not (isinstance(adapter, Webhooks) and adapter.capabilities.webhooks):
                return 404
            hints = adapter.read_message(headers=headers, body=body)
    except ForgedMessage:
        return 403
    except CdKeysError as error:
        logger.warning("Supplier %s cannot read its messages: %s", supplier.pk, error.code)
        return 503
    except Exception as error:
        # Not proven, so nothing is done.
        log_failure(logger, f"A message of supplier {supplier.pk} could not be read", error)
        return 403
    bell.ring(follow_hints(supplier_id=supplier.pk, hints=hints))
    return 204
