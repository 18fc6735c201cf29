"""How an address of exchange rates is shown: such addresses often hold the key of an account."""

from __future__ import annotations

from urllib.parse import urlsplit


def shown(url: str) -> str:
    """The address without user, password, query and fragment; for people, records and alerts."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{parts.path}"
