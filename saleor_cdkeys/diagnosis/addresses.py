"""Whether customers can open the links that are mailed to them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext as _

from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.host import urls

_PLACEHOLDERS = ("example.com", "example.org", "example.net")


def private_page() -> Iterator[Finding]:
    """The address of the private pages, which Saleor makes from PUBLIC_URL or its site."""
    address = urlsplit(urls.plugin_url(""))
    host = address.hostname or ""
    name = {"address": f"{address.scheme}://{address.netloc}/"}
    is_for_customers = not settings.DEBUG
    remedy = _("Set PUBLIC_URL to the address under which customers reach Saleor's API.")
    if is_for_customers and is_local(host):
        yield problem(_("Links lead to %(address)s, which no customer can open.") % name, remedy)
        return
    if is_for_customers and host.endswith(_PLACEHOLDERS):
        yield problem(_("Links lead to %(address)s, which is a placeholder.") % name, remedy)
        return
    if is_for_customers and address.scheme != "https":
        yield problem(
            _("Links lead to %(address)s, so that codes travel unencrypted.") % name,
            _("Serve Saleor over https, and set PUBLIC_URL to that address."),
        )
    else:
        yield fine(_("Links lead to %(address)s") % name)
    if not validate_host(host, settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]):
        yield warning(
            _("Saleor answers no request for %(host)s, unless a proxy changes the Host header.")
            % {"host": host},
            _("Add it to ALLOWED_HOSTS."),
        )


def is_local(host: str) -> bool:
    """Whether a host name or address means something only on this machine or its network."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".test")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host
