from django.views.decorators.csrf import csrf_exempt

from saleor.core.db.connection import allow_writer
from saleor.plugins.manager import get_plugins_manager


@csrf_exempt
@allow_writer()
def handle_plugin_webhook(request, plugin_id):
    manager = get_plugins_manager(allow_replica=False)
    return manager.webhook_endpoint_without_channel(request, plugin_id)


@csrf_exempt
@allow_writer()
def handle_global_plugin_webhook(request, plugin_id):
    return get_plugins_manager(allow_replica=False).webhook(request, plugin_id, None)


@csrf_exempt
@allow_writer()
def handle_plugin_per_channel_webhook(request, plugin_id, channel_slug):
    return get_plugins_manager(allow_replica=False).webhook(request, plugin_id, channel_slug)
