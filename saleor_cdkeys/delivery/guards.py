"""What protects the private page in the browser: headers, and who may post to it."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_HEADERS = {
    "Cache-Control": "no-store, private, max-age=0",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), "
        "geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Pragma": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
}


def _content_security_policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}'",
            # Keys that are images are part of the page.
            "img-src data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def html_response(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page whose own styles and script run, and nothing else."""
    nonce = secrets.token_urlsafe(16)
    html = render_to_string(f"saleor_cdkeys/page/{template}", {**context, "nonce": nonce})
    response = HttpResponse(html, status=status)
    response.headers["Content-Security-Policy"] = _content_security_policy(nonce)
    return protected(response)


def file_response(data: bytes, *, media_type: str, filename: str) -> HttpResponse:
    """A download. ``filename`` must be one that needs no quoting."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return protected(response)


def protected(response: HttpResponse) -> HttpResponse:
    """Add the headers that every answer carries."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    # Django logs the path of every answer that is an error, and this path holds the token.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a POST comes from our own page, or from a client that does not tell.

    There are no cookies to abuse, as the link itself is the secret; this keeps other sites from
    making a visitor's browser post at all. Pages with no-referrer send ``Origin: null``, so that
    counts as not telling.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.get_host()
