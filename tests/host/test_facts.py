"""What Saleor knows: variants, channels, the plugin's form, addresses."""

from __future__ import annotations

import pytest
from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys.host import catalogue
from saleor_cdkeys.host.catalogue import VariantInfo, variants_by_id, variants_by_sku
from saleor_cdkeys.host.channels import ChannelInfo, all_channels, channel_by_id, channel_by_slug
from saleor_cdkeys.host.configuration import plugin_is_active, plugin_values
from saleor_cdkeys.host.urls import plugin_url
from tests.factories import make_channel, make_variant


def test_variants_by_sku_and_id(channel):
    variant = make_variant(sku="doom", name="Doom", channel=channel)
    variant.name = "Deluxe"
    variant.save(update_fields=["name"])
    expected = VariantInfo(id=variant.pk, sku="doom", product_name="Doom", variant_name="Deluxe")

    assert expected.name == "Doom · Deluxe"
    assert variants_by_sku(skus=["doom", "nope"]) == {"doom": expected}
    assert variants_by_id(ids=[variant.pk, 0]) == {variant.pk: expected}


def test_many_variants_are_read_in_few_queries(channel, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(catalogue, "_CHUNK", 2)
    skus = [make_variant(channel=channel).sku for _ in range(5)]

    with django_assert_num_queries(3):
        assert set(variants_by_sku(skus=[*skus, *skus])) == set(skus)


def test_channels(db):
    eur, usd = make_channel("shop-eur", "EUR"), make_channel("shop-usd", "USD")
    infos = [
        ChannelInfo(id=eur.pk, slug="shop-eur", name="Shop-Eur", currency="EUR"),
        ChannelInfo(id=usd.pk, slug="shop-usd", name="Shop-Usd", currency="USD"),
    ]

    assert all_channels() == infos
    assert channel_by_id(usd.pk) == infos[1]
    assert channel_by_slug("shop-eur") == infos[0]
    assert (channel_by_id(0), channel_by_slug("nope")) == (None, None)


def test_a_plugin_that_was_never_saved_is_on_and_has_no_values(db):
    assert plugin_is_active() is True
    assert plugin_values() == {}


@pytest.mark.parametrize("active", [True, False])
def test_a_plugin_that_was_saved(db, active):
    PluginConfiguration.objects.create(
        identifier="saleor.cdkeys",
        name="CD keys",
        active=active,
        configuration=[
            {"name": "codes_in_mail", "value": True},
            {"name": "link_days", "value": "7"},
            {"name": "sender_name", "value": None},
        ],
    )

    assert plugin_is_active() is active
    assert plugin_values() == {"codes_in_mail": True, "link_days": "7"}


def test_the_plugin_s_address(db, settings):
    settings.PUBLIC_URL = "https://api.shop.example"

    assert plugin_url("k/abc") == "https://api.shop.example/plugins/global/saleor.cdkeys/k/abc"
    assert plugin_url("/k/abc") == plugin_url("k/abc")
