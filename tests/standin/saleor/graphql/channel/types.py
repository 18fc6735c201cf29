import graphene

from saleor.channel.models import Channel as ChannelModel
from saleor.graphql.core.types import ModelObjectType


class Channel(ModelObjectType):
    id = graphene.GlobalID(required=True)
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    currency_code = graphene.String(required=True)

    class Meta:
        description = "A channel."
        interfaces = [graphene.relay.Node]
        model = ChannelModel
