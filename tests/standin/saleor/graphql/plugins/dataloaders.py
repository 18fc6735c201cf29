from promise import Promise

from saleor.plugins.manager import get_plugins_manager


def get_plugin_manager_promise(context):
    return Promise.resolve(get_plugins_manager(allow_replica=False))
