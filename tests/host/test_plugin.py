"""The plugin as Saleor loads it: on by itself, its form checked when saved, its pages."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from saleor_cdkeys.channel_config import PLUGIN_DEFAULTS, for_plugin
from saleor_cdkeys.plugin import CdKeysPlugin

PLUGIN_ID = "saleor.cdkeys"


def save(**values):
    """Save the form as Saleor's pluginUpdate does."""
    items = [{"name": name, "value": value} for name, value in values.items()]
    get_plugins_manager(allow_replica=False).save_plugin_configuration(
        PLUGIN_ID, None, {"active": True, "configuration": items}
    )


def test_saleor_finds_the_plugin_by_its_entry_point():
    (entry,) = (
        entry for entry in entry_points(group="saleor.plugins") if entry.name == "saleor_cdkeys"
    )
    assert entry.load() is CdKeysPlugin


def test_one_plugin_for_all_channels_that_is_on_by_itself(db):
    plugin = get_plugins_manager(allow_replica=False).get_plugin(PLUGIN_ID)

    assert plugin.active is True
    assert plugin.CONFIGURATION_PER_CHANNEL is False
    assert plugin.channel is None


def test_every_field_of_the_form_is_explained():
    assert list(CdKeysPlugin.CONFIG_STRUCTURE) == list(PLUGIN_DEFAULTS)
    for field in CdKeysPlugin.CONFIG_STRUCTURE.values():
        assert field["type"] in ("Boolean", "String")
        assert str(field["label"])
        assert str(field["help_text"])


def test_what_is_saved_holds(db):
    save(
        auto_processing="false",
        process_delay="60",
        codes_in_mail="true",
        link_days="7",
        hold_above_quantity="5",
        alert_recipients="a@example.com, b@example.com",
        sender_name="The Shop",
        sender_address="keys@shop.example",
    )

    config = for_plugin()
    assert (config.auto_processing, config.codes_in_mail) == (False, True)
    assert (config.process_delay, config.link_days, config.hold_above_quantity) == (60, 7, 5)
    assert config.alert_recipients == ("a@example.com", "b@example.com")
    assert (config.sender_name, config.sender_address) == ("The Shop", "keys@shop.example")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("process_delay", "soon"),
        ("process_delay", "-1"),
        ("process_delay", "1.5"),
        ("process_delay", "99999999999"),
        ("link_days", "0"),
        ("link_days", "99999999999"),
        ("hold_above_quantity", "0"),
        ("hold_above_quantity", "many"),
        ("sender_address", "nobody"),
        ("sender_address", "a@example.com, b@example.com"),
        ("sender_name", "The\nShop"),
        ("alert_recipients", "a@example.com, nobody"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(db, field, value):
    with pytest.raises(ValidationError) as caught:
        save(**{field: value})

    assert list(caught.value.error_dict) == [field]
    assert caught.value.error_dict[field][0].code == "invalid"
    assert not PluginConfiguration.objects.filter(
        identifier=PLUGIN_ID, configuration__contains=[{"name": field, "value": value}]
    ).exists()


@pytest.mark.parametrize("field", ["process_delay", "link_days", "hold_above_quantity"])
def test_an_emptied_field_falls_back_to_its_default(db, field):
    save(**{field: ""})

    config = for_plugin()
    assert (config.process_delay, config.link_days, config.hold_above_quantity) == (0, 30, None)


def _get(path):
    return RequestFactory().get(f"/plugins/global/{PLUGIN_ID}{path}")


def test_the_pages_are_served(db):
    manager = get_plugins_manager(allow_replica=False)

    response = manager.webhook(_get("/k/unknown"), PLUGIN_ID, None)

    assert "no-store" in response["Cache-Control"]


def test_a_plugin_that_is_switched_off_serves_no_page(db):
    PluginConfiguration.objects.create(identifier=PLUGIN_ID, name="CD keys", active=False)
    manager = get_plugins_manager(allow_replica=False)

    # The legacy address reaches a plugin that is switched off.
    response = manager.webhook_endpoint_without_channel(
        RequestFactory().get(f"/plugins/{PLUGIN_ID}/k/unknown"), PLUGIN_ID
    )

    assert response.status_code == 404
    assert "Cache-Control" not in response
