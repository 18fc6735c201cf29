import graphene

from saleor.app.models import App as AppModel
from saleor.graphql.core.types import ModelObjectType


class App(ModelObjectType):
    id = graphene.GlobalID(required=True)
    name = graphene.String()

    class Meta:
        description = "An app."
        interfaces = [graphene.relay.Node]
        model = AppModel
