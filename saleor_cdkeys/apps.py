"""What Django loads: the schema is joined to Saleor's, checks and the beat entry are registered."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CdKeysConfig(AppConfig):
    """The Django app. Saleor adds it by the plugin's entry point, with no settings edited."""

    name = "saleor_cdkeys"
    verbose_name = _("CD keys")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """No queries and no output here: it also runs where there is no database."""
        from saleor_cdkeys import beat, checks
        from saleor_cdkeys.graphql import schema

        checks.register()
        beat.schedule()
        schema.mount()
