"""What holds for a channel: its own settings, else the plugin's form, else the defaults."""

from __future__ import annotations

from decimal import Decimal

import pytest
from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys import channel_config
from saleor_cdkeys.host.urls import PLUGIN_ID
from saleor_cdkeys.models import ChannelSettings


def _save_form(**values):
    PluginConfiguration.objects.create(
        identifier=PLUGIN_ID,
        name="CD keys",
        active=True,
        configuration=[{"name": name, "value": value} for name, value in values.items()],
    )


def test_without_anything_saved_the_defaults_hold(db):
    config = channel_config.for_channel(7)
    assert config == channel_config.for_plugin()
    assert config == channel_config.ChannelConfig(
        auto_processing=True,
        process_delay=0,
        codes_in_mail=False,
        sender_name="",
        sender_address="",
        mail_subject="",
        mail_intro="",
        mail_footer="",
        alert_recipients=(),
        hold_above_amount=None,
        hold_above_quantity=None,
        link_days=30,
    )


FORM = {
    "auto_processing": False,
    "process_delay": "60",
    "codes_in_mail": True,
    "sender_name": "Shop",
    "sender_address": "shop@example.com",
    "link_days": "10",
    "hold_above_quantity": "5",
    "alert_recipients": "a@example.com, b@example.com\nc@example.com",
}


def test_the_plugins_form_holds_for_all_channels(db):
    _save_form(**FORM)
    config = channel_config.for_channel(7)
    assert config == channel_config.for_plugin()
    assert (config.auto_processing, config.process_delay, config.codes_in_mail) == (False, 60, True)
    assert (config.sender_name, config.sender_address) == ("Shop", "shop@example.com")
    assert (config.link_days, config.hold_above_quantity) == (10, 5)
    assert config.alert_recipients == ("a@example.com", "b@example.com", "c@example.com")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("auto_processing", True),
        ("process_delay", 0),
        ("process_delay", 5),
        ("codes_in_mail", False),
        ("sender_name", "Channel"),
        ("sender_address", "channel@example.com"),
        ("mail_subject", "Your keys"),
        ("mail_intro", "Hello"),
        ("mail_footer", "Bye"),
        ("hold_above_amount", Decimal(0)),
        ("hold_above_quantity", 1),
        ("link_days", 1),
    ],
)
def test_a_channels_own_setting_comes_first_and_leaves_the_rest(db, field, value):
    _save_form(**FORM)
    ChannelSettings.objects.create(channel_id=7, **{field: value})

    own, other = channel_config.for_channel(7), channel_config.for_channel(8)

    assert getattr(own, field) == value
    assert getattr(own, field) != getattr(other, field)
    for name in channel_config.ChannelConfig.__dataclass_fields__:
        if name != field:
            assert getattr(own, name) == getattr(other, name)


@pytest.mark.parametrize(("own", "expected"), [(["x@example.com"], ("x@example.com",)), ([], ())])
def test_a_channel_may_tell_others_or_nobody_of_alerts(db, own, expected):
    _save_form(**FORM)
    ChannelSettings.objects.create(channel_id=7, alert_recipients=own)
    assert channel_config.for_channel(7).alert_recipients == expected


@pytest.mark.parametrize("empty", ["", None])
def test_an_emptied_field_is_as_the_default(db, empty):
    _save_form(
        **dict.fromkeys(FORM, empty),
    )
    config = channel_config.for_plugin()
    assert (config.process_delay, config.link_days) == (0, 30)
    assert (config.hold_above_quantity, config.alert_recipients) == (None, ())


def test_two_queries_tell_it(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        channel_config.for_channel(7)


@pytest.mark.parametrize(
    "values",
    [
        {},
        FORM,
        dict(channel_config.PLUGIN_DEFAULTS),
        {"process_delay": "2592000", "link_days": "3650", "hold_above_quantity": "1000000"},
        {"process_delay": "0", "link_days": "1", "hold_above_quantity": "1"},
        {"process_delay": " 5 "},
        {"sender_name": "Müller & Söhne"},
    ],
)
def test_values_without_a_problem(values):
    assert channel_config.problems(values) == {}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("process_delay", "-1", "from 0 to 2592000"),
        ("process_delay", "2592001", "from 0 to 2592000"),
        ("process_delay", "1.5", "whole number"),
        ("process_delay", "soon", "whole number"),
        ("process_delay", "²", "whole number"),
        ("link_days", "0", "from 1 to 3650"),
        ("link_days", "3651", "from 1 to 3650"),
        ("hold_above_quantity", "0", "from 1 to 1000000"),
        ("hold_above_quantity", "1000001", "from 1 to 1000000"),
        ("sender_address", "shop", "shop is not an e-mail address"),
        ("sender_address", "a@example.com, b@example.com", "one address"),
        ("alert_recipients", "a@example.com, nonsense", "nonsense is not"),
        ("sender_name", "Shop\nBcc: a@example.com", "line breaks"),
        ("sender_name", "Shop\r", "line breaks"),
    ],
)
def test_a_problem_names_its_field_and_the_remedy(field, value, said):
    found = channel_config.problems({**FORM, field: value})
    assert list(found) == [field]
    assert said in found[field]


def test_every_problem_is_told_at_once():
    values = {"process_delay": "x", "link_days": "x", "sender_address": "x", "sender_name": "\n"}
    assert set(channel_config.problems(values)) == set(values)
