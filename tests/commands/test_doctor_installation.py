"""The doctor's checks of the installation: keys, plugin, links, mail, cache, clock."""

from __future__ import annotations

import datetime as dt
import importlib.metadata

import pytest
from django.core.cache.backends.filebased import FileBasedCache
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from saleor_cdkeys.diagnosis import addresses, installation, machine, mail
from saleor_cdkeys.diagnosis.finding import Level
from saleor_cdkeys.models import ChannelSettings, Key
from tests.factories.cdkeys import add_keys, make_key_product

pytestmark = pytest.mark.django_db
OLD = f"index:{'A' * 43},k1:{'B' * 42}A"
OTHER = "C" * 42 + "A"


def told(check) -> list[tuple[str, str]]:
    """What a check found, by level and text; what is not well must come with a remedy."""
    found = list(check())
    assert all(finding.remedy for finding in found if finding.level is not Level.OK)
    return [(finding.level.value, finding.text) for finding in found]


class TestEncryptionKeys:
    @pytest.fixture(autouse=True)
    def _a_stored_key(self, channel):
        (self.key,) = add_keys(make_key_product(channel=channel), "FIRST-1111")

    def test_the_stored_key_opens(self):
        text = "1 encryption key; k1 seals. The stored keys open."
        assert told(installation.encryption_keys) == [("ok", text)]

    def test_nothing_is_stored_yet(self):
        Key.objects.all().delete()

        assert told(installation.encryption_keys) == [("ok", "1 encryption key; k1 seals.")]

    def test_after_a_rotation_old_and_new_open(self, settings):
        settings.CDKEYS_ENCRYPTION_KEYS = f"index:{'A' * 43},k2:{OTHER},k1:{'B' * 42}A"
        add_keys(self.key.key_product, "SECOND-2222")

        text = "2 encryption keys; k2 seals. The stored keys open."
        assert told(installation.encryption_keys) == [("ok", text)]

    def test_the_key_that_sealed_the_oldest_is_gone(self, settings):
        settings.CDKEYS_ENCRYPTION_KEYS = f"index:{'A' * 43},k2:{OTHER}"
        add_keys(self.key.key_product, "SECOND-2222")

        ((level, text),) = told(installation.encryption_keys)
        assert level == "problem"
        assert text.startswith("A value was sealed with the encryption key 'k1', which is not in")

    def test_another_key_has_the_id_of_the_one_that_sealed(self, settings):
        settings.CDKEYS_ENCRYPTION_KEYS = f"index:{'A' * 43},k1:{OTHER}"

        ((level, text),) = told(installation.encryption_keys)
        assert level == "problem"
        assert text.startswith("A stored key does not open")

    def test_the_entry_index_was_replaced(self, settings):
        settings.CDKEYS_ENCRYPTION_KEYS = f"index:{OTHER},k1:{'B' * 42}A"

        ((level, text),) = told(installation.encryption_keys)
        assert level == "problem"
        assert text.startswith("The entry `index` of the encryption keys is not the one")

    @pytest.mark.parametrize("keys", ["", "k1", f"k1:{OTHER}", "index:a,k1:b"])
    def test_missing_or_malformed(self, settings, keys):
        settings.CDKEYS_ENCRYPTION_KEYS = keys

        ((level, text),) = told(installation.encryption_keys)
        assert level == "problem"
        assert text.startswith("CDKEYS_ENCRYPTION_KEYS")


class TestPlugin:
    def test_on(self):
        assert told(installation.plugin) == [("ok", "Saleor loads the plugin, and it is on.")]

    def test_switched_off(self, plugin_form):
        plugin_form(active=False)

        ((level, text),) = told(installation.plugin)
        assert (level, text[:27]) == ("problem", "The plugin is switched off:")

    def test_left_out_of_the_setting(self, settings):
        settings.PLUGINS = []

        (finding,) = installation.plugin()
        assert finding.text == "Saleor does not load the plugin."
        assert "Add saleor_cdkeys.plugin.CdKeysPlugin to it." in finding.remedy

    def test_not_installed_where_saleor_runs(self, settings, monkeypatch):
        settings.PLUGINS = []
        monkeypatch.setattr(installation, "entry_points", lambda group: ())

        (finding,) = installation.plugin()
        assert "Install it with pip into the environment of Saleor" in finding.remedy

    def test_the_entry_point_is_what_pip_installed(self):
        (entry,) = importlib.metadata.entry_points(group="saleor.plugins", name="saleor_cdkeys")

        assert entry.value.replace(":", ".") == installation._PLUGIN

    def test_a_value_of_the_form_that_cannot_be_used(self, plugin_form):
        plugin_form(process_delay="soon")

        assert told(installation.plugin)[1:] == [
            (
                "problem",
                "The plugin's configuration holds a value that cannot be used: process_delay.",
            )
        ]


class TestMigrations:
    def test_applied(self):
        assert told(installation.migrations) == [("ok", "All tables are there.")]

    def test_the_last_one_is_missing(self):
        rows = MigrationRecorder.Migration.objects.filter(app="saleor_cdkeys")
        rows.order_by("-name")[0].delete()

        assert told(installation.migrations) == [("problem", "1 migration is not applied.")]


class TestLinks:
    @pytest.mark.parametrize(
        ("url", "text"),
        [
            ("http://localhost:8000/", "which no customer can open."),
            ("https://192.168.1.7/", "which no customer can open."),
            ("https://saleor:8000/", "which no customer can open."),
            ("https://api.example.com/", "which is a placeholder."),
            ("http://keys.pixeldepot.io/", "so that codes travel unencrypted."),
        ],
    )
    def test_that_no_customer_should_get(self, healthy_settings, url, text):
        healthy_settings.PUBLIC_URL = url
        healthy_settings.ALLOWED_HOSTS = ["*"]

        assert told(addresses.private_page) == [("problem", f"Links lead to {url}, {text}")]

    @pytest.mark.parametrize("url", ["https://keys.pixeldepot.io/", "https://93.184.216.34/"])
    def test_that_customers_can_open(self, healthy_settings, url):
        healthy_settings.PUBLIC_URL = url
        healthy_settings.ALLOWED_HOSTS = ["*"]

        assert told(addresses.private_page) == [("ok", f"Links lead to {url}")]

    def test_in_development_localhost_will_do(self, healthy_settings):
        healthy_settings.PUBLIC_URL = "http://localhost:8000/"
        healthy_settings.DEBUG, healthy_settings.ALLOWED_HOSTS = True, []

        assert told(addresses.private_page) == [("ok", "Links lead to http://localhost:8000/")]

    def test_that_saleor_would_not_answer(self, healthy_settings):
        healthy_settings.ALLOWED_HOSTS = ["localhost"]

        assert told(addresses.private_page)[1:] == [
            (
                "warning",
                "Saleor answers no request for keys.pixeldepot.io, unless a proxy changes the "
                "Host header.",
            )
        ]


class TestMail:
    def test_server_and_sender_are_named_and_no_password(self, healthy_settings, monkeypatch):
        url = "smtp+tls://keys:hunter2@smtp.pixeldepot.io"
        monkeypatch.setenv("CDKEYS_EMAIL_URL", url)

        assert told(mail.mail) == [
            ("ok", "Mails leave through smtp.pixeldepot.io:587, from keys@pixeldepot.io.")
        ]

    def test_nothing_is_set_up(self, healthy_settings):
        healthy_settings.EMAIL_BACKEND = ""

        ((level, text),) = told(mail.mail)
        assert (level, text[:26]) == ("problem", "No mail server is set up. ")

    def test_an_address_that_cannot_be_read_is_not_repeated(self, healthy_settings, monkeypatch):
        monkeypatch.setenv("CDKEYS_EMAIL_URL", "https://keys:hunter2@smtp.pixeldepot.io")

        ((level, text),) = told(mail.mail)
        assert (level, "hunter2" in text) == ("problem", False)
        assert text.startswith("CDKEYS_EMAIL_URL cannot be read.")

    @pytest.mark.parametrize("backend", ["console", "locmem", "dummy", "filebased"])
    def test_a_backend_that_sends_nothing(self, healthy_settings, backend):
        name = f"django.core.mail.backends.{backend}.EmailBackend"
        healthy_settings.EMAIL_BACKEND = name

        assert told(mail.mail) == [("problem", f"Mails go to {name}, which sends none.")]

    def test_a_password_in_the_clear(self, healthy_settings, monkeypatch):
        monkeypatch.setenv("CDKEYS_EMAIL_URL", "smtp://keys:hunter2@smtp.pixeldepot.io")

        assert told(mail.mail)[1:] == [
            ("warning", "The password of the mail server is sent to it unencrypted.")
        ]

    def test_senders_that_will_not_do(self, healthy_settings, plugin_form):
        healthy_settings.DEFAULT_FROM_EMAIL = "noreply@example.com"
        ((level, text),) = told(mail.mail)[1:]
        assert (level, text[:26]) == ("warning", "The sender noreply@example")

        healthy_settings.DEFAULT_FROM_EMAIL = "nobody"
        ((level, text),) = told(mail.mail)
        assert (level, text[:35]) == ("problem", "No usable sender address is set. Se")

        plugin_form(sender_address="keys@pixeldepot.io")
        assert [level for level, _text in told(mail.mail)] == ["ok"]


class TestAlertRecipients:
    def test_somebody(self, channel, alert_recipient):
        assert told(mail.alert_recipients) == [("ok", "Staff are told of problems by mail.")]

    def test_nobody(self, channel):
        ((level, _text),) = told(mail.alert_recipients)
        assert level == "warning"

    def test_nobody_in_one_channel(self, channel, alert_recipient):
        ChannelSettings.objects.create(channel_id=channel.pk, alert_recipients=[])

        assert told(mail.alert_recipients) == [
            ("warning", "Nobody is told by mail of problems in: shop-eur.")
        ]


class TestCache:
    def test_shared(self, healthy_settings):
        assert told(machine.shared_cache) == [
            ("ok", "The cache works, and is shared by all processes.")
        ]

    @pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
    def test_of_each_process_alone(self, healthy_settings, backend):
        healthy_settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
        assert told(machine.shared_cache)[0][0] == "warning"

        healthy_settings.DEBUG = True
        assert told(machine.shared_cache)[0][0] == "ok"

    def test_down(self, healthy_settings, monkeypatch):
        def down(*_arguments, **_options):
            raise ConnectionError("redis://:password@cache.internal refused")

        monkeypatch.setattr(FileBasedCache, "set", down)

        assert told(machine.shared_cache) == [
            (
                "problem",
                "The cache cannot be used (ConnectionError): customers get no new links.",
            )
        ]

    def test_that_forgets_at_once(self, healthy_settings, monkeypatch):
        monkeypatch.setattr(FileBasedCache, "get", lambda *_arguments, **_options: None)

        ((level, _text),) = told(machine.shared_cache)
        assert level == "problem"


class TestClock:
    @pytest.mark.parametrize(
        ("seconds", "level"), [(0, "ok"), (-20, "warning"), (20, "warning"), (-300, "problem")]
    )
    def test_apart_from_the_databases(self, monkeypatch, seconds, level):
        now = timezone.now()
        monkeypatch.setattr(machine.timezone, "now", lambda: now + dt.timedelta(seconds=seconds))

        assert told(machine.clock)[0][0] == level

    def test_times_without_a_zone(self, settings):
        settings.USE_TZ = False

        assert told(machine.clock) == [("problem", "Times are stored without a time zone.")]
