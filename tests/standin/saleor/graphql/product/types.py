import graphene

from saleor.graphql.core.context import ChannelContext
from saleor.graphql.core.types import ModelObjectType
from saleor.product.models import ProductVariant as VariantModel


class ProductVariant(ModelObjectType):
    id = graphene.GlobalID(required=True)
    sku = graphene.String()
    name = graphene.String(required=True)

    class Meta:
        description = "A version of a product."
        interfaces = [graphene.relay.Node]
        model = VariantModel

    @staticmethod
    def resolve_id(root: ChannelContext, info):
        return root.node.pk

    @staticmethod
    def resolve_sku(root: ChannelContext, info):
        return root.node.sku

    @staticmethod
    def resolve_name(root: ChannelContext, info):
        return root.node.name
