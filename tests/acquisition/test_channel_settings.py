"""What a channel does differently: kept, taken back, refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys import channel_config, channel_settings
from saleor_cdkeys.errors import InvalidInput, InvalidValues
from saleor_cdkeys.models import ChannelSettings

ALL = {
    "auto_processing": False,
    "process_delay": 600,
    "codes_in_mail": True,
    "sender_name": " Pixel Depot ",
    "sender_address": "keys@pixeldepot.example",
    "mail_subject": "Your keys of {order_number}",
    "mail_intro": "Hello!\nHere they are.",
    "mail_footer": "Bye",
    "alert_recipients": [" ops@pixeldepot.example ", ""],
    "hold_above_amount": Decimal("99.5"),
    "hold_above_quantity": 10,
    "link_days": 7,
}


def _in_force(channel):
    config = channel_config.for_channel(channel.pk)
    return {field: getattr(config, field) for field in channel_settings.FIELDS}


def test_every_setting_comes_into_force(channel):
    channel_settings.save(channel_id=channel.pk, values=ALL)

    assert _in_force(channel) == {
        **ALL,
        "sender_name": "Pixel Depot",
        "alert_recipients": ("ops@pixeldepot.example",),
    }


def test_what_is_not_named_stays_and_null_is_as_the_plugin_says(channel):
    before = _in_force(channel)
    channel_settings.save(channel_id=channel.pk, values=ALL)

    channel_settings.save(channel_id=channel.pk, values={"link_days": 14})
    assert _in_force(channel)["process_delay"] == 600
    channel_settings.save(channel_id=channel.pk, values=dict.fromkeys(ALL))

    assert _in_force(channel) == before
    assert ChannelSettings.objects.count() == 1


def test_a_channel_without_settings_of_its_own_reads_as_empty(channel):
    row = channel_settings.read(channel_id=channel.pk)

    assert (row.pk, row.channel_id, row.link_days, row.sender_name) == (None, channel.pk, None, "")


def test_a_channel_that_saleor_does_not_have_is_refused(db):
    with pytest.raises(InvalidInput) as refused:
        channel_settings.save(channel_id=1, values=ALL)

    assert (refused.value.field, refused.value.code) == ("channel", "not_found")
    assert not ChannelSettings.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("process_delay", -1),
        ("process_delay", 30 * 86400 + 1),
        ("link_days", 0),
        ("link_days", 3651),
        ("hold_above_quantity", 0),
        ("hold_above_amount", Decimal(-1)),
        ("hold_above_amount", Decimal("0.00001")),
        ("sender_address", "nobody"),
        ("sender_address", "a@example.com,b@example.com"),
        ("sender_name", "two\nlines"),
        ("sender_name", "x" * 256),
        ("alert_recipients", ["ops@pixeldepot.example", "nobody"]),
        ("mail_subject", "two\nlines"),
        ("mail_subject", "{secret}"),
        ("mail_intro", "x" * 10_001),
        ("mail_footer", "{order.__class__} {nothing}"),
    ],
)
def test_what_cannot_be_used_is_refused(channel, field, value):
    channel_settings.save(channel_id=channel.pk, values=ALL)
    before = _in_force(channel)

    with pytest.raises(InvalidValues) as refused:
        channel_settings.save(channel_id=channel.pk, values={"codes_in_mail": False, field: value})

    assert list(refused.value.problems) == [field]
    assert _in_force(channel) == before
