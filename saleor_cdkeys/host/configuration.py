"""What was saved in the plugin's form in Saleor."""

from __future__ import annotations

from typing import Any

from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys.host.urls import PLUGIN_ID


def _row() -> Any:
    return PluginConfiguration.objects.filter(identifier=PLUGIN_ID, channel__isnull=True).first()


def plugin_values() -> dict[str, str | bool]:
    """The saved fields by name; those never saved are absent."""
    row = _row()
    fields = (row.configuration or []) if row is not None else []
    return {field["name"]: field["value"] for field in fields if field.get("value") is not None}


def plugin_is_active() -> bool:
    """Whether hooks and pages work. Without a saved row the plugin is on."""
    row = _row()
    return True if row is None else bool(row.active)
