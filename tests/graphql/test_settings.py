"""Reading what a channel does differently, and what suppliers can be set up."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from saleor_cdkeys import channel_settings
from saleor_cdkeys.suppliers.base import Capabilities
from saleor_cdkeys.suppliers.capabilities import CAPABILITIES
from saleor_cdkeys.suppliers.registry import adapter_names
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from tests.factories import make_app, make_channel
from tests.graphql.client import Api, global_id
from tests.graphql.scene import PLUGINS

SETTINGS = """
query($channel: ID!) {
  cdKeyChannelSettings(channel: $channel) {
    channel { slug }
    autoProcessing processDelay codesInMail senderName senderAddress mailSubject mailIntro
    mailFooter alertRecipients holdAboveAmount holdAboveQuantity linkDays
  }
}
"""


@pytest.fixture
def api(db) -> Api:
    return Api(app=make_app([PLUGINS]))


def test_a_channel_without_settings_of_its_own(api):
    channel = make_channel()

    found = api.data(SETTINGS, {"channel": global_id("Channel", channel.pk)})

    assert found["cdKeyChannelSettings"].pop("channel") == {"slug": "shop-eur"}
    assert set(found["cdKeyChannelSettings"].values()) == {None}


def test_the_settings_of_a_channel(api):
    channel = make_channel()
    channel_settings.save(
        channel_id=channel.pk,
        values={
            "auto_processing": False,
            "process_delay": 0,
            "mail_subject": "Your keys",
            "alert_recipients": [],
            "hold_above_amount": Decimal(250),
            "link_days": 7,
        },
    )

    found = api.data(SETTINGS, {"channel": global_id("Channel", channel.pk)})

    assert found["cdKeyChannelSettings"] == {
        "channel": {"slug": "shop-eur"},
        "autoProcessing": False,
        "processDelay": 0,
        "codesInMail": None,
        "senderName": None,
        "senderAddress": None,
        "mailSubject": "Your keys",
        "mailIntro": None,
        "mailFooter": None,
        "alertRecipients": [],
        "holdAboveAmount": 250.0,
        "holdAboveQuantity": None,
        "linkDays": 7,
    }


def test_a_channel_that_does_not_exist_has_none(api):
    found = api.data(SETTINGS, {"channel": global_id("Channel", 2**31 - 1)})

    assert found == {"cdKeyChannelSettings": None}


def test_the_adapters_tell_what_to_fill_in(api):
    document = """
    {
      cdKeySupplierAdapters {
        name
        configFields { name label isRequired }
        secretFields { name isRequired }
        capabilities { name isOffered description }
      }
    }
    """

    adapters = {found["name"]: found for found in api.data(document)["cdKeySupplierAdapters"]}

    assert tuple(adapters) == adapter_names()
    found = adapters["sandbox"]
    assert {field["name"]: field["isRequired"] for field in found["configFields"]} == {
        "base_url": True
    }
    assert all(field["label"] for field in found["configFields"])
    assert found["secretFields"] == [
        {"name": "api_key", "isRequired": False},
        {"name": "message_secret", "isRequired": False},
    ]
    offered = {each["name"]: each["isOffered"] for each in found["capabilities"]}
    assert offered["ORDER_LOOKUP"] is SandboxSupplier.capabilities.order_lookup is True
    assert offered["RETURNS"] is SandboxSupplier.capabilities.returns is False
    (lookup, *_others) = found["capabilities"]
    assert lookup["description"] == ("Says what became of an order, or clearly that there is none.")


def test_each_capability_is_told_of_in_words_and_order():
    fields = [field.name for field in dataclasses.fields(Capabilities)]

    assert list(CAPABILITIES) == fields
    assert len({str(text) for text in CAPABILITIES.values()}) == len(fields)
