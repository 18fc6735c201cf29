"""A shop made through Saleor's own API. Its rows are committed, so that every hook fires."""

from __future__ import annotations

import pytest
from saleor.channel.models import Channel
from saleor.permission.models import Permission

from tests.factories import ensure_site, make_app, make_warehouse
from tests.saleor.api import Api
from tests.saleor.shop import Shop


@pytest.fixture
def shop(transactional_db):
    ensure_site()
    app = make_app(Permission.objects.values_list("codename", flat=True))
    _row, token = app.tokens.create(name="shop")
    api = Api(token)
    made = api.run(
        "channelCreate",
        kinds={"input": "ChannelCreateInput!"},
        returns="channel { slug }",
        input={
            "name": "Shop",
            "slug": "shop-eur",
            "currencyCode": "EUR",
            "defaultCountry": "DE",
            "isActive": True,
            "orderSettings": {
                "automaticallyConfirmAllNewOrders": True,
                "markAsPaidStrategy": "TRANSACTION_FLOW",
            },
        },
    )
    channel = Channel.objects.get(slug=made["channel"]["slug"])
    _open_warehouse(channel)
    return Shop(api=api, channel=channel)


def _open_warehouse(channel):
    """What is in stock there counts in the channel: before 3.23 a shipping zone must say so."""
    # The stand-in, where these tests are collected and skipped, ships nothing.
    from saleor.shipping.models import ShippingZone

    zone = ShippingZone.objects.create(name="Germany", countries=["DE"])
    zone.channels.add(channel)
    make_warehouse(channel).shipping_zones.add(zone)
