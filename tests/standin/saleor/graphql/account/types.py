import graphene

from saleor.account.models import User as UserModel
from saleor.graphql.core.types import ModelObjectType


class User(ModelObjectType):
    id = graphene.GlobalID(required=True)
    email = graphene.String(required=True)

    class Meta:
        description = "A user."
        interfaces = [graphene.relay.Node]
        model = UserModel
