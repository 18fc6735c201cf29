import graphene

from saleor.channel.models import Channel as ChannelModel
from saleor.core.exceptions import PermissionDenied
from saleor.graphql.account.types import User
from saleor.graphql.channel.types import Channel
from saleor.graphql.core.context import ChannelContext, get_database_connection_name
from saleor.graphql.core.mutations import BaseMutation
from saleor.graphql.core.types import BaseInputObjectType, Error, NonNullList
from saleor.graphql.core.utils import from_global_id_or_error
from saleor.graphql.order.schema import OrderMutations, OrderQueries
from saleor.graphql.product.types import ProductVariant
from saleor.permission.enums import PluginsPermissions
from saleor.plugins.error_codes import PluginErrorCode
from saleor.plugins.manager import get_plugins_manager
from saleor.product.models import ProductVariant as VariantModel

PluginErrorCodeEnum = graphene.Enum.from_enum(PluginErrorCode)


class PluginError(Error):
    code = PluginErrorCodeEnum(required=True)


class ConfigurationItemInput(BaseInputObjectType):
    name = graphene.String(required=True)
    value = graphene.String()


class PluginUpdateInput(BaseInputObjectType):
    active = graphene.Boolean()
    configuration = NonNullList(ConfigurationItemInput)


class ConfigurationItem(graphene.ObjectType):
    name = graphene.String(required=True)
    value = graphene.String()


class Plugin(graphene.ObjectType):
    id = graphene.ID(required=True)
    active = graphene.Boolean(required=True)
    configuration = NonNullList(ConfigurationItem)


class PluginUpdate(BaseMutation):
    plugin = graphene.Field(Plugin)

    class Arguments:
        id = graphene.ID(required=True)
        input = PluginUpdateInput(required=True)

    class Meta:
        description = "Update plugin configuration."
        permissions = (PluginsPermissions.MANAGE_PLUGINS,)
        error_type_class = PluginError

    @classmethod
    def perform_mutation(cls, _root, _info, /, *, id, input):
        manager = get_plugins_manager(allow_replica=False)
        row = manager.save_plugin_configuration(id, None, dict(input))
        items = [
            ConfigurationItem(name=item["name"], value=str(item["value"]))
            for item in row.configuration
        ]
        return cls(plugin=Plugin(id=id, active=row.active, configuration=items))


class Query(OrderQueries, graphene.ObjectType):
    me = graphene.Field(User)
    channels = NonNullList(Channel)
    product_variant = graphene.Field(
        ProductVariant, id=graphene.ID(), sku=graphene.String(), channel=graphene.String()
    )

    @staticmethod
    def resolve_me(_root, info):
        return info.context.user

    @staticmethod
    def resolve_channels(_root, info):
        if info.context.app is None and not getattr(info.context.user, "is_staff", False):
            raise PermissionDenied("Staff and apps only.")
        return list(ChannelModel.objects.using(get_database_connection_name(info.context)))

    @staticmethod
    def resolve_product_variant(_root, info, *, id=None, sku=None, channel=None):
        rows = VariantModel.objects.using(get_database_connection_name(info.context))
        if sku is not None:
            variant = rows.filter(sku=sku).first()
        else:
            _type, pk = from_global_id_or_error(id, ProductVariant, raise_error=True)
            variant = rows.filter(pk=pk).first()
        return ChannelContext(variant, channel) if variant else None


class Mutation(OrderMutations, graphene.ObjectType):
    plugin_update = PluginUpdate.Field()


schema = graphene.Schema(query=Query, mutation=Mutation)
