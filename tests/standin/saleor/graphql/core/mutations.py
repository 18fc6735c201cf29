import graphene
from django.core.exceptions import ImproperlyConfigured, ValidationError
from graphene.types.mutation import MutationOptions
from graphql.error import GraphQLError

from saleor.core.db.connection import allow_writer
from saleor.core.exceptions import PermissionDenied
from saleor.graphql.core.fields import is_allowed
from saleor.graphql.core.types import NonNullList
from saleor.graphql.core.utils import from_global_id_or_error


def _camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _errors(error, error_class):
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    known = {value.value for value in error_class._meta.fields["code"].type.of_type._meta.enum}
    found = []
    for field, errors in by_field.items():
        for item in errors:
            code = item.code if item.code in known else "invalid"
            field_name = None if field in (None, "__all__") else _camel(field)
            found.append(error_class(field=field_name, message=item.messages[0], code=code))
    return found


class BaseMutation(graphene.Mutation):
    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(
        cls,
        description=None,
        doc_category=None,
        permissions=None,
        error_type_class=None,
        error_type_field=None,
        _meta=None,
        **options,
    ):
        if not description or not error_type_class:
            raise ImproperlyConfigured("Meta needs description and error_type_class.")
        if permissions is not None and not isinstance(permissions, tuple):
            raise ImproperlyConfigured("permissions must be a tuple.")
        _meta = _meta or MutationOptions(cls)
        _meta.permissions = permissions
        _meta.error_type_class = error_type_class
        super().__init_subclass_with_meta__(description=description, _meta=_meta, **options)
        cls._meta.fields["errors"] = graphene.Field(
            NonNullList(error_type_class), required=True, default_value=[]
        )

    @classmethod
    def check_permissions(cls, context, permissions=None, require_all_permissions=False, **data):
        wanted = permissions or cls._meta.permissions
        return not wanted or is_allowed(context, wanted)

    @classmethod
    def check_channel_permissions(cls, info, channel_ids):
        user = info.context.user
        if info.context.app is not None or not user:
            return
        accessible = user.accessible_channel_ids()
        if accessible is not None and not set(map(int, channel_ids)) <= accessible:
            raise PermissionDenied("You don't have access to some objects' channel.")

    @classmethod
    def get_global_id_or_error(cls, id, only_type=None, field="id"):
        try:
            return from_global_id_or_error(id, only_type, raise_error=True)[1]
        except GraphQLError as error:
            raise ValidationError(
                {field: ValidationError(str(error), code="graphql_error")}
            ) from error

    @classmethod
    def get_node_or_error(
        cls, info, node_id, *, field="id", only_type=None, qs=None, code="not_found"
    ):
        if not node_id:
            return None
        pk = cls.get_global_id_or_error(node_id, only_type, field)
        queryset = qs if qs is not None else only_type._meta.model.objects.all()
        try:
            node = queryset.filter(pk=pk).first()
        except (ValueError, ValidationError):
            node = None
        if node is None:
            text = f"Couldn't resolve to a node: {node_id}"
            raise ValidationError({field: ValidationError(text, code=code)})
        return node

    @classmethod
    def mutate(cls, root, info, **data):
        info.context.allow_replica = False
        with allow_writer():
            if not cls.check_permissions(info.context, data=data):
                raise PermissionDenied(permissions=cls._meta.permissions)
            try:
                return cls.perform_mutation(root, info, **data)
            except ValidationError as error:
                return cls.handle_errors(error)

    @classmethod
    def perform_mutation(cls, _root, _info, /):
        raise NotImplementedError

    @classmethod
    def handle_errors(cls, error, **extra):
        return cls(errors=_errors(error, cls._meta.error_type_class), **extra)
