"""The network address of who asks."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from saleor_cdkeys import conf


def client_ip(request: HttpRequest) -> str | None:
    """The address of the client, or None where the server does not tell one.

    ``CDKEYS_TRUSTED_PROXIES`` is how many proxies of the shop's own stand in front. Each appends
    the address it was called from to X-Forwarded-For, so that many entries from the right are
    true and what is left of them is whatever the client wrote. By default the header is ignored.
    """
    proxies = int(conf.get("CDKEYS_TRUSTED_PROXIES"))
    candidate = str(request.META.get("REMOTE_ADDR") or "")
    if proxies:
        hops = [hop for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        # Fewer entries than proxies: the request came past them.
        if len(hops) >= proxies:
            candidate = hops[-proxies].strip()
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return None
