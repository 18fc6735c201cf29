"""Reading what a channel does differently, and what suppliers can be set up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_cdkeys import channel_settings
from saleor_cdkeys.suppliers.registry import adapter_names
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
        capabilities { orderLookup quantity priceGuard balance }
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
    assert found["secretFields"] == [{"name": "api_key", "isRequired": False}]
    assert found["capabilities"]["orderLookup"] is True
