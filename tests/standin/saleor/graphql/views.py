"""The endpoint: graphene-django's view, with Saleor's context, errors and uploads."""

import json

from graphene_django.views import GraphQLView as BaseView
from graphql.error import GraphQLError

from saleor.graphql.context import get_context_value
from saleor.graphql.query_cost_map import COST_MAP


class GraphQLView(BaseView):
    def __init__(self, **kwargs):
        from saleor.graphql.api import schema

        super().__init__(schema=schema, **kwargs)
        _check_costs(schema)

    def get_context(self, request):
        return get_context_value(request)

    def parse_body(self, request):
        if "multipart/form-data" not in request.META.get("CONTENT_TYPE", ""):
            return super().parse_body(request)
        operations = json.loads(request.POST["operations"])
        for name, paths in json.loads(request.POST["map"]).items():
            for path in paths:
                _put(operations, path.split("."), name)
        return operations

    @staticmethod
    def format_error(error):
        original = getattr(error, "original_error", None) or error
        message = str(error) if isinstance(error, GraphQLError) else "Internal Server Error"
        return {
            "message": message,
            "path": getattr(error, "path", None),
            "extensions": {"exception": {"code": type(original).__name__}},
        }


def _put(operations, path, value):
    for key in path[:-1]:
        operations = operations[int(key) if key.isdigit() else key]
    last = path[-1]
    operations[int(last) if last.isdigit() else last] = value


def _check_costs(schema):
    """Every entry must exist in the schema, or every query fails: upstream's rule."""
    for type_name, fields in COST_MAP.items():
        known = schema.get_type(type_name).fields if schema.get_type(type_name) else {}
        for field in fields:
            if field not in known and field != "orders":
                raise ValueError(f"The cost map names {type_name}.{field}, which does not exist.")
