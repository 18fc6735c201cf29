"""Calling the plugins' hooks: subject positionally, the rest by keyword, with previous_value."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseNotFound
from django.utils.module_loading import import_string

from saleor.plugins.models import PluginConfiguration

_ORDER_HOOKS = (
    "order_created",
    "order_confirmed",
    "order_paid",
    "order_fully_paid",
    "order_updated",
    "order_expired",
    "order_cancelled",
    "order_refunded",
    "order_fully_refunded",
    "order_fulfilled",
    "order_metadata_updated",
    "draft_order_created",
    "draft_order_updated",
    "draft_order_deleted",
)


class PluginsManager:
    def __init__(self, plugins, requestor_getter=None, allow_replica=True):
        rows = {
            row.identifier: row for row in PluginConfiguration.objects.filter(channel__isnull=True)
        }
        self.all_plugins = [_make(path, rows, requestor_getter, allow_replica) for path in plugins]

    def get_plugins(self, channel_slug=None, active_only=False, plugin_ids=None):
        return [
            plugin
            for plugin in self.all_plugins
            if (plugin.active or not active_only)
            and (plugin_ids is None or plugin.PLUGIN_ID in plugin_ids)
        ]

    def get_all_plugins(self, active_only=False):
        return self.get_plugins(active_only=active_only)

    def get_plugin(self, plugin_id, channel_slug=None):
        found = (p for p in self.all_plugins if p.check_plugin_id(plugin_id))
        return next(found, None)

    def save_plugin_configuration(self, plugin_id, channel_slug, cleaned_data):
        plugin = self.get_plugin(plugin_id)
        row, _created = PluginConfiguration.objects.get_or_create(
            identifier=plugin_id,
            channel=None,
            defaults={
                "name": str(plugin.PLUGIN_NAME),
                "active": plugin.get_default_active(),
                "configuration": plugin.configuration,
            },
        )
        plugin.save_plugin_configuration(row, cleaned_data)
        return row

    def _run(self, hook, subject, **kwargs):
        value = None
        for plugin in self.get_plugins(active_only=True):
            method = getattr(plugin, hook, None)
            if method is not None:
                value = method(subject, previous_value=value, **kwargs)
        return value

    def order_bulk_created(self, orders):
        return self._run("order_bulk_created", orders)

    def fulfillment_created(
        self, fulfillment, notify_customer=True, calculate_stocks_with_shipping_zones=True
    ):
        return self._run(
            "fulfillment_created",
            fulfillment,
            notify_customer=notify_customer,
            calculate_stocks_with_shipping_zones=calculate_stocks_with_shipping_zones,
        )

    def product_variant_updated(self, product_variant, webhooks=None, **kwargs):
        return self._run("product_variant_updated", product_variant, webhooks=webhooks, **kwargs)

    def webhook(self, request, plugin_id, channel_slug):
        plugin = self.get_plugin(plugin_id)
        if plugin is None or not plugin.active or not hasattr(plugin, "webhook"):
            return HttpResponseNotFound()
        return _webhook(plugin, request, plugin_id)

    def webhook_endpoint_without_channel(self, request, plugin_id):
        """The legacy address: it reaches a plugin that is switched off, too."""
        plugin = self.get_plugin(plugin_id)
        if plugin is None or not hasattr(plugin, "webhook"):
            return HttpResponseNotFound()
        return _webhook(plugin, request, plugin_id)


def _webhook(plugin, request, plugin_id):
    path = request.path.split(plugin_id, 1)[1]
    return plugin.webhook(request, path, previous_value=HttpResponseNotFound())


def _order_hook(name):
    def hook(self, order, webhooks=None):
        return self._run(name, order, webhooks=webhooks)

    hook.__name__ = name
    return hook


for _name in _ORDER_HOOKS:
    setattr(PluginsManager, _name, _order_hook(_name))


def _make(path, rows, requestor_getter, allow_replica):
    plugin_class = import_string(path)
    row = rows.get(plugin_class.PLUGIN_ID)
    return plugin_class(
        configuration=row.configuration if row else plugin_class.DEFAULT_CONFIGURATION,
        active=row.active if row else plugin_class.get_default_active(),
        requestor_getter=requestor_getter,
        db_config=row,
        allow_replica=allow_replica,
    )


def get_plugins_manager(allow_replica, requestor_getter=None):
    return PluginsManager(settings.PLUGINS, requestor_getter, allow_replica)
