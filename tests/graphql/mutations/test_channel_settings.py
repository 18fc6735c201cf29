"""Channel settings over GraphQL."""

from __future__ import annotations

import pytest

from saleor_cdkeys import channel_config
from saleor_cdkeys.models import ChannelSettings
from tests.graphql.client import global_id
from tests.graphql.mutations.documents import CHANNEL_SETTINGS

SETTINGS = {
    "autoProcessing": False,
    "processDelay": 600,
    "codesInMail": True,
    "senderName": "Pixel Depot",
    "senderAddress": "keys@pixeldepot.example",
    "mailSubject": "Your keys of {order_number}",
    "mailIntro": "Hello!",
    "mailFooter": "Bye",
    "alertRecipients": ["ops@pixeldepot.example"],
    "holdAboveAmount": 99.5,
    "holdAboveQuantity": 10,
    "linkDays": 7,
}


@pytest.fixture
def save(mutate, channel):
    def call(**given):
        return mutate(CHANNEL_SETTINGS, channel=global_id("Channel", channel.pk), input=given)

    return call


def test_every_setting_comes_into_force(save, channel):
    payload = save(**SETTINGS)

    assert payload == {
        "cdKeyChannelSettings": {"channel": {"slug": channel.slug}, **SETTINGS},
        "errors": [],
    }
    config = channel_config.for_channel(channel.pk)
    assert (config.process_delay, config.codes_in_mail, config.link_days) == (600, True, 7)


def test_what_is_not_named_stays_and_null_is_as_the_plugin_says(save, channel):
    save(**SETTINGS)

    payload = save(linkDays=None, mailIntro=None)

    assert payload["cdKeyChannelSettings"] == {
        "channel": {"slug": channel.slug},
        **SETTINGS,
        "linkDays": None,
        "mailIntro": None,
    }
    assert channel_config.for_channel(channel.pk).link_days == 30
    assert ChannelSettings.objects.count() == 1


def test_each_problem_is_named(refused, channel):
    errors = refused(
        CHANNEL_SETTINGS,
        channel=global_id("Channel", channel.pk),
        input={
            "processDelay": -1,
            "linkDays": 0,
            "holdAboveQuantity": 0,
            "senderAddress": "nobody",
            "mailSubject": "{secret}",
            "alertRecipients": ["nobody"],
            "codesInMail": True,
        },
    )

    assert sorted(errors) == [
        ("alertRecipients", "INVALID"),
        ("holdAboveQuantity", "INVALID"),
        ("linkDays", "INVALID"),
        ("mailSubject", "INVALID"),
        ("processDelay", "INVALID"),
        ("senderAddress", "INVALID"),
    ]


@pytest.mark.parametrize(
    ("id", "code"),
    [
        (global_id("Channel", 0), "NOT_FOUND"),
        (global_id("Channel", "shop-eur"), "GRAPHQL_ERROR"),
        (global_id("Order", 1), "GRAPHQL_ERROR"),
    ],
)
def test_a_channel_that_saleor_does_not_have_is_refused(refused, id, code):
    assert refused(CHANNEL_SETTINGS, channel=id, input=SETTINGS) == [("channel", code)]
