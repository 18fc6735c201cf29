"""An installation in which nothing is wrong, so that a test can break one thing."""

from __future__ import annotations

import pytest
from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys.host.urls import PLUGIN_ID


@pytest.fixture
def healthy_settings(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("CDKEYS_EMAIL_URL", raising=False)
    settings.DEBUG = False
    settings.PUBLIC_URL = "https://keys.pixeldepot.io/"
    settings.ALLOWED_HOSTS = ["keys.pixeldepot.io"]
    settings.USER_EMAIL_HOST = ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", "25"
    settings.DEFAULT_FROM_EMAIL = "Pixel Depot <keys@pixeldepot.io>"
    settings.CELERY_BROKER_URL = ""
    # One for all processes, as Redis is.
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path / "cache"),
        }
    }
    return settings


@pytest.fixture
def plugin_form(db):
    """Fill in Saleor's form of the plugin."""

    def fill_in(*, active=True, **values):
        PluginConfiguration.objects.update_or_create(
            identifier=PLUGIN_ID,
            channel=None,
            defaults={
                "name": "CD keys",
                "active": active,
                "configuration": [{"name": name, "value": value} for name, value in values.items()],
            },
        )

    return fill_in


@pytest.fixture
def alert_recipient(plugin_form):
    plugin_form(alert_recipients="staff@pixeldepot.io")
