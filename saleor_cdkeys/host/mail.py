"""The way mails leave, as Saleor is set up: own settings, Saleor's user mails, Django's."""

from __future__ import annotations

import dataclasses
import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys.errors import ConfigurationError

EMAIL_URL = "CDKEYS_EMAIL_URL"
_USER_EMAIL_PLUGIN = "mirumee.notifications.user_email"
_PORTS = {"smtp": 25, "submission": 587, "smtp+tls": 587, "smtps": 465, "smtp+ssl": 465}


@dataclasses.dataclass(frozen=True, slots=True)
class MailTransport:
    """A mail server, or Django's own backend where ``uses_django_backend``."""

    default_sender: str
    host: str = ""
    port: int = 25
    username: str = ""
    password: str = dataclasses.field(default="", repr=False)
    use_tls: bool = False
    use_ssl: bool = False
    uses_django_backend: bool = False


def resolve_transport() -> MailTransport | None:
    """The first transport that is set up, or None.

    Raises ConfigurationError where CDKEYS_EMAIL_URL cannot be read.
    """
    return _own() or _user_email_plugin() or _user_email_url() or _django()


def _own() -> MailTransport | None:
    text = str(getattr(settings, EMAIL_URL, None) or os.environ.get(EMAIL_URL, ""))
    if not text:
        return None
    try:
        url = urlsplit(text)
        host, port, standard_port = url.hostname, url.port, _PORTS[url.scheme]
    except (ValueError, KeyError):
        host = None
    if not host:
        # The text itself is not repeated: it holds the password.
        raise ConfigurationError(
            f"{EMAIL_URL} cannot be read. Write it as smtp+tls://user:password@host:587 "
            f"(schemes: {', '.join(_PORTS)})."
        )
    return MailTransport(
        default_sender=settings.DEFAULT_FROM_EMAIL,
        host=host,
        port=port or standard_port,
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_tls=url.scheme in ("submission", "smtp+tls"),
        use_ssl=url.scheme in ("smtps", "smtp+ssl"),
    )


def _user_email_plugin() -> MailTransport | None:
    row = (
        PluginConfiguration.objects.filter(identifier=_USER_EMAIL_PLUGIN, active=True)
        .order_by("channel_id")
        .first()
    )
    if row is None:
        return None
    values = {field["name"]: field.get("value") for field in row.configuration or []}
    host = values.get("host")
    return _server(values) if host else None


def _server(values: dict[str, Any]) -> MailTransport:
    address = values.get("sender_address") or settings.DEFAULT_FROM_EMAIL
    name = values.get("sender_name")
    return MailTransport(
        default_sender=f"{name} <{address}>" if name else str(address),
        host=str(values["host"]),
        port=int(values.get("port") or 25),
        username=str(values.get("username") or ""),
        password=str(values.get("password") or ""),
        use_tls=bool(values.get("use_tls")),
        use_ssl=bool(values.get("use_ssl")),
    )


def _user_email_url() -> MailTransport | None:
    saleor: Any = settings
    if not saleor.USER_EMAIL_HOST:
        return None
    return MailTransport(
        default_sender=saleor.DEFAULT_FROM_EMAIL,
        host=saleor.USER_EMAIL_HOST,
        port=int(saleor.USER_EMAIL_PORT or 25),
        username=saleor.USER_EMAIL_HOST_USER,
        password=saleor.USER_EMAIL_HOST_PASSWORD,
        use_tls=saleor.USER_EMAIL_USE_TLS,
        use_ssl=saleor.USER_EMAIL_USE_SSL,
    )


def _django() -> MailTransport | None:
    # Saleor sets the backend to an empty string where no EMAIL_URL is given.
    if not settings.EMAIL_BACKEND:
        return None
    return MailTransport(default_sender=settings.DEFAULT_FROM_EMAIL, uses_django_backend=True)
