"""Addresses under which Saleor serves the plugin."""

from __future__ import annotations

from saleor.core.utils import build_absolute_uri

PLUGIN_ID = "saleor.cdkeys"


def plugin_url(path: str) -> str:
    """The absolute address of a path of ours, e.g. ``k/…`` → ``https://…/plugins/global/…/k/…``."""
    return str(build_absolute_uri(f"/plugins/global/{PLUGIN_ID}/{path.lstrip('/')}"))
