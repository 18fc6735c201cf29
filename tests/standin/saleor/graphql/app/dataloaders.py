from promise import Promise

from saleor.graphql.context import get_context_value


def get_app_promise(context):
    if not hasattr(context, "app"):
        get_context_value(context)
    return Promise.resolve(context.app)
