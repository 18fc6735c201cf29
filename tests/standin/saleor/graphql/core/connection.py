import graphene
from django.conf import settings
from graphql.error import GraphQLError
from graphql.language.ast import Field, FragmentSpread
from graphql_relay.connection.arrayconnection import connection_from_list

from saleor.graphql.core.types import NonNullList


class NonNullConnection(graphene.relay.Connection):
    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, node=None, name=None, doc_category=None, **options):
        cls.doc_category = doc_category
        super().__init_subclass_with_meta__(node=node, name=name, **options)

        class EdgeBase:
            node = graphene.Field(cls._meta.node, required=True)
            cursor = graphene.String(required=True)

        cls.Edge = type(cls.Edge._meta.name, (EdgeBase, graphene.ObjectType), {})
        cls._meta.fields["edges"] = graphene.Field(graphene.NonNull(NonNullList(cls.Edge)))


class CountableConnection(NonNullConnection):
    class Meta:
        abstract = True

    total_count = graphene.Int(description="A total count of items in the collection.")

    @staticmethod
    def resolve_total_count(root, _info):
        return root.total_count() if callable(root.total_count) else root.total_count


def create_connection_slice(
    iterable,
    info,
    args,
    connection_type,
    edge_type=None,
    pageinfo_type=graphene.relay.PageInfo,
    max_limit=None,
):
    """A page of a list; for upstream's pages of querysets, which nothing here uses, see there."""
    first, last = args.get("first"), args.get("last")
    limit = max_limit or settings.GRAPHQL_PAGINATION_LIMIT
    if not first and not last and _wants_edges(info.field_asts[0].selection_set, info):
        raise GraphQLError(
            "You must provide a `first` or `last` value to properly paginate the "
            f"`{info.field_name}` connection."
        )
    for name, wanted in (("first", first), ("last", last)):
        assert (wanted or 0) <= limit, (
            f"Requesting {wanted} records on the `{info.field_name}` connection exceeds the "
            f"`{name}` limit of {limit} records."
        )
    connection = connection_from_list(
        iterable,
        args,
        connection_type=connection_type,
        edge_type=edge_type or connection_type.Edge,
        pageinfo_type=pageinfo_type,
    )
    connection.total_count = len(iterable)
    return connection


def _wants_edges(selection_set, info):
    for selection in selection_set.selections:
        if isinstance(selection, Field):
            if selection.name.value == "edges":
                return True
        else:
            is_spread = isinstance(selection, FragmentSpread)
            inner = info.fragments[selection.name.value] if is_spread else selection
            if _wants_edges(inner.selection_set, info):
                return True
    return False
