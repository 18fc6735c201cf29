"""`cdkeys_doctor`: what it says of an installation, healthy or not, and how it ends."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from django.db.utils import OperationalError

from saleor_cdkeys import diagnosis, heartbeat
from saleor_cdkeys.diagnosis import diagnose, machine
from saleor_cdkeys.models import KeyBatch
from tests.commands.calling import call
from tests.factories.cdkeys import make_key_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(healthy_settings, channel, alert_recipient):
    make_key_product(channel=channel, stock=1)
    heartbeat.beat()


def test_a_healthy_installation_is_told_so(healthy):
    said = call("cdkeys_doctor")

    assert said.code == 0
    assert said.out.startswith("saleor-cdkeys ")
    assert said.out.rstrip().endswith("Everything is well.")
    signs = {line[1] for line in said.out.splitlines() if line.startswith(" ") and line[1:2]}
    assert signs == {"✓", "E"}
    assert "\x1b" not in said.out
    assert said.err == ""


def test_a_problem_ends_with_exit_code_1_and_names_the_remedy(healthy, settings):
    settings.PUBLIC_URL = "http://localhost:8000/"

    said = call("cdkeys_doctor")

    assert said.code == 1
    assert (
        "✗ Links Links lead to http://localhost:8000/, which no customer can open. → " in said.text
    )
    assert "→ Set PUBLIC_URL to the address under which customers reach" in said.text
    assert said.out.rstrip().endswith(" 1 problem")


def test_a_warning_alone_ends_with_exit_code_0(healthy):
    KeyBatch.objects.create(name="died")
    KeyBatch.objects.update(created_at="2020-01-01T00:00Z")

    said = call("cdkeys_doctor")

    assert said.code == 0
    assert "! Imports Imports that broke off: " in said.text
    assert said.out.rstrip().endswith(" 1 warning")


def test_programs_get_json(healthy, settings):
    settings.PUBLIC_URL = "http://localhost:8000/"

    said = call("cdkeys_doctor", "--json")

    answer = json.loads(said.out)
    assert said.code == 1
    assert answer["ok"] is False
    assert [row for row in answer["findings"] if row["level"] != "ok"] == [
        {
            "check": "address",
            "level": "problem",
            "text": "Links lead to http://localhost:8000/, which no customer can open.",
            "remedy": "Set PUBLIC_URL to the address under which customers reach Saleor's API.",
        }
    ]
    settings.PUBLIC_URL = "https://keys.pixeldepot.io/"
    assert json.loads(call("cdkeys_doctor", "--json").out)["ok"] is True


def test_colours_where_they_are_asked_for(healthy):
    assert "\x1b[1;32m✓" in call("cdkeys_doctor", "--force-color").out


def test_it_runs_where_the_encryption_keys_are_missing(healthy, settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    said = call("cdkeys_doctor")

    assert said.code == 1
    assert "✗ Encryption keys CDKEYS_ENCRYPTION_KEYS is not set" in said.text


def test_a_test_mail_leaves_as_a_delivery_would(healthy, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEBUG = True

    said = call("cdkeys_doctor", "--send-test", "me@myshop.io")

    assert said.code == 0
    assert "✓ Test mail A test mail to me@myshop.io was taken by " in said.text
    (message,) = mail.outbox
    assert message.to == ["me@myshop.io"]
    assert message.from_email == "Pixel Depot <keys@pixeldepot.io>"


def test_a_test_mail_that_fails_is_a_problem(healthy, settings):
    settings.EMAIL_PORT = "1"

    said = call("cdkeys_doctor", "--send-test", "me@myshop.io")

    assert said.code == 1
    assert (
        "✗ Test mail The test mail could not be sent. → The mail server could not be" in said.text
    )


def test_without_being_told_to_it_sends_no_mail(healthy, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    call("cdkeys_doctor", "--online")

    assert mail.outbox == []


def test_an_address_that_is_none_is_refused_at_once():
    said = call("cdkeys_doctor", "--send-test", "me")

    assert (said.code, said.out, said.err) == (1, "", "me is not an e-mail address.")


def test_without_a_database_that_alone_is_told(healthy, monkeypatch):
    def dead():
        raise OperationalError('connection to "db.internal", user "saleor" failed')

    monkeypatch.setattr(machine.connection, "cursor", dead)

    (examined,) = diagnose()

    assert examined.name == "database"
    assert [finding.text for finding in examined.findings] == [
        "The database cannot be reached (OperationalError)."
    ]


def test_a_check_that_stumbles_does_not_hide_the_others(healthy, monkeypatch):
    def stumbles(**_conditions):
        raise RuntimeError("at https://user:password@supplier.example")

    monkeypatch.setattr(diagnosis.goods.KeyProduct.objects, "filter", stumbles)

    said = call("cdkeys_doctor")

    assert said.code == 1
    assert "✗ Key products This could not be checked (RuntimeError)." in said.text
    assert "✓ Alerts" in said.text
    assert "password" not in said.out
