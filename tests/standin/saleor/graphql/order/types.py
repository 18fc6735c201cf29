import graphene

from saleor.graphql.core.context import SyncWebhookControlContext
from saleor.graphql.core.types import ModelObjectType, NonNullList
from saleor.order.models import Order as OrderModel
from saleor.order.models import OrderLine as LineModel


class OrderLine(ModelObjectType):
    id = graphene.GlobalID(required=True)
    product_name = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    quantity_fulfilled = graphene.Int(required=True)

    class Meta:
        description = "A line of an order."
        interfaces = [graphene.relay.Node]
        model = LineModel


class Order(ModelObjectType):
    id = graphene.GlobalID(required=True)
    number = graphene.String(required=True)
    status = graphene.String(required=True)
    user_email = graphene.String()
    is_paid = graphene.Boolean(required=True)
    lines = NonNullList(OrderLine, required=True)

    class Meta:
        description = "An order."
        interfaces = [graphene.relay.Node]
        model = OrderModel

    @staticmethod
    def resolve_id(root: SyncWebhookControlContext, info):
        return root.node.pk

    @staticmethod
    def resolve_number(root: SyncWebhookControlContext, info):
        return str(root.node.number)

    @staticmethod
    def resolve_status(root: SyncWebhookControlContext, info):
        return root.node.status.upper().replace(" ", "_")

    @staticmethod
    def resolve_user_email(root: SyncWebhookControlContext, info):
        return root.node.user_email

    @staticmethod
    def resolve_is_paid(root: SyncWebhookControlContext, info):
        return root.node.is_fully_paid()

    @staticmethod
    def resolve_lines(root: SyncWebhookControlContext, info):
        return list(root.node.lines.all())
