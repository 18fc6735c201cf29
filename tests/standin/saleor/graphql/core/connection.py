import graphene
from django.conf import settings
from graphql.error import GraphQLError
from graphql_relay.connection.arrayconnection import (
    connection_from_list_slice,
    get_offset_with_default,
)

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
    def resolve_total_count(root, info, **_kwargs):
        return len(root.iterable) if isinstance(root.iterable, list) else root.iterable.count()


def create_connection_slice(
    iterable,
    info,
    args,
    connection_type,
    edge_type=None,
    pageinfo_type=graphene.relay.PageInfo,
    max_limit=None,
):
    first, last = args.get("first"), args.get("last")
    limit = max_limit or settings.GRAPHQL_PAGINATION_LIMIT
    if first is None and last is None:
        raise GraphQLError("You must provide a `first` or `last` value to properly paginate.")
    if max(first or 0, last or 0) > limit:
        raise GraphQLError(f"Requesting more than {limit} records is not allowed.")
    sort = args.get("sort_by")
    if sort and not isinstance(iterable, list):
        columns = sort["field"] if isinstance(sort["field"], list) else [sort["field"]]
        iterable = iterable.order_by(*[f"{sort['direction']}{column}" for column in columns])
    total = len(iterable) if isinstance(iterable, list) else iterable.count()
    after = get_offset_with_default(args.get("after"), -1) + 1
    before = min(get_offset_with_default(args.get("before"), total), total)
    end = min(before, after + first) if first is not None else before
    start = max(after, end - last) if last is not None else after
    window = list(iterable[start:end])
    connection = connection_from_list_slice(
        window,
        {key: args.get(key) for key in ("first", "last", "after", "before")},
        slice_start=start,
        list_length=total,
        list_slice_length=len(window),
        connection_type=connection_type,
        edge_type=edge_type or connection_type.Edge,
        pageinfo_type=pageinfo_type,
    )
    connection.iterable = iterable
    return connection


def filter_connection_queryset(iterable, args, request=None, root=None, allow_replica=False):
    return iterable
