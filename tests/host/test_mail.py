"""Which mail server is used, in which order of preference."""

from __future__ import annotations

import pytest
from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.host.mail import MailTransport, resolve_transport

USER_EMAILS = "mirumee.notifications.user_email"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_set_up(settings, monkeypatch):
    settings.EMAIL_BACKEND = ""
    settings.DEFAULT_FROM_EMAIL = "shop@example.com"
    settings.USER_EMAIL_HOST = ""
    monkeypatch.delenv("CDKEYS_EMAIL_URL", raising=False)


def user_email_plugin(*, active=True, **values):
    PluginConfiguration.objects.create(
        identifier=USER_EMAILS,
        name="User emails",
        active=active,
        configuration=[{"name": name, "value": value} for name, value in values.items()],
    )


PLUGIN_SERVER = MailTransport(
    default_sender="The Shop <keys@shop.example>",
    host="plugin.example",
    port=465,
    username="u",
    password="hunter2",
    use_tls=False,
    use_ssl=True,
)


def set_up_plugin(**changes):
    values = {
        "host": "plugin.example",
        "port": "465",
        "username": "u",
        "password": "hunter2",
        "sender_name": "The Shop",
        "sender_address": "keys@shop.example",
        "use_tls": False,
        "use_ssl": True,
    }
    user_email_plugin(**{**values, **changes})


def set_up_user_email_url(settings):
    settings.USER_EMAIL_HOST = "user.example"
    settings.USER_EMAIL_PORT = "587"
    settings.USER_EMAIL_HOST_USER = "u"
    settings.USER_EMAIL_HOST_PASSWORD = "hunter2"
    settings.USER_EMAIL_USE_TLS = True
    settings.USER_EMAIL_USE_SSL = False


def test_nothing_is_set_up():
    assert resolve_transport() is None


def test_django_s_backend_is_the_last_resort(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    assert resolve_transport() == MailTransport(
        default_sender="shop@example.com", uses_django_backend=True
    )


def test_saleor_s_user_email_url_comes_before_django_s(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    set_up_user_email_url(settings)

    assert resolve_transport() == MailTransport(
        default_sender="shop@example.com",
        host="user.example",
        port=587,
        username="u",
        password="hunter2",
        use_tls=True,
        use_ssl=False,
    )


def test_saleor_s_user_email_plugin_comes_before_its_url(settings):
    set_up_user_email_url(settings)
    set_up_plugin()

    assert resolve_transport() == PLUGIN_SERVER


def test_our_own_setting_comes_first(settings):
    set_up_plugin()
    settings.CDKEYS_EMAIL_URL = "smtp+tls://key%40shop:p%2Fw@own.example"

    assert resolve_transport() == MailTransport(
        default_sender="shop@example.com",
        host="own.example",
        port=587,
        username="key@shop",
        password="p/w",
        use_tls=True,
        use_ssl=False,
    )


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://h", 25, False, False),
        ("smtp://h:2525", 2525, False, False),
        ("submission://h", 587, True, False),
        ("smtp+tls://h:2587", 2587, True, False),
        ("smtps://h", 465, False, True),
        ("smtp+ssl://h", 465, False, True),
    ],
)
def test_addresses_of_our_own_setting(monkeypatch, url, port, tls, ssl):
    monkeypatch.setenv("CDKEYS_EMAIL_URL", url)

    found = resolve_transport()

    assert (found.host, found.port, found.use_tls, found.use_ssl) == ("h", port, tls, ssl)


@pytest.mark.parametrize("url", ["mail.example", "http://h", "smtp://", "smtp://h:many"])
def test_an_address_that_cannot_be_read_is_an_error_that_does_not_repeat_it(settings, url):
    settings.CDKEYS_EMAIL_URL = url.replace("//h", "//u:hunter2@h")

    with pytest.raises(ConfigurationError, match="smtp\\+tls://user:password@host:587") as caught:
        resolve_transport()

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("changes", [{"active": False}, {"host": ""}, {"host": None}])
def test_a_user_email_plugin_without_use_is_passed_over(changes):
    set_up_plugin(**changes)

    assert resolve_transport() is None


def test_a_user_email_plugin_without_sender_takes_django_s(settings):
    set_up_plugin(sender_name="", sender_address=None)

    assert resolve_transport().default_sender == "shop@example.com"


def test_the_password_is_not_printed():
    assert "hunter2" not in repr(PLUGIN_SERVER)
