import graphene
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction

from saleor.account.models import Address, User
from saleor.channel.models import Channel
from saleor.graphql.core.context import SyncWebhookControlContext, get_database_connection_name
from saleor.graphql.core.fields import BaseField
from saleor.graphql.core.mutations import BaseMutation
from saleor.graphql.core.types import BaseEnum, BaseInputObjectType, Error, NonNullList
from saleor.graphql.core.utils import from_global_id_or_error
from saleor.graphql.order.types import Order
from saleor.graphql.plugins.dataloaders import get_plugin_manager_promise
from saleor.order import OrderStatus, actions
from saleor.order.models import Order as OrderModel
from saleor.order.models import OrderLine
from saleor.permission.enums import OrderPermissions
from saleor.product.models import ProductVariant, ProductVariantChannelListing


class OrderErrorCode(BaseEnum):
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    REQUIRED = "required"
    GRAPHQL_ERROR = "graphql_error"
    CANNOT_CANCEL_ORDER = "cannot_cancel_order"


class OrderError(Error):
    code = OrderErrorCode(required=True)


class OrderLineCreateInput(BaseInputObjectType):
    quantity = graphene.Int(required=True)
    variant_id = graphene.ID(required=True)


class AddressInput(BaseInputObjectType):
    first_name = graphene.String()
    last_name = graphene.String()
    street_address1 = graphene.String()
    city = graphene.String()
    postal_code = graphene.String()
    country = graphene.String()


class DraftOrderCreateInput(BaseInputObjectType):
    billing_address = AddressInput()
    channel_id = graphene.ID()
    user = graphene.ID()
    user_email = graphene.String()
    language_code = graphene.String()
    lines = NonNullList(OrderLineCreateInput)


def wrap(order):
    return SyncWebhookControlContext(order)


class DraftOrderCreate(BaseMutation):
    order = graphene.Field(Order)

    class Arguments:
        input = DraftOrderCreateInput(required=True)

    class Meta:
        description = "Creates a new draft order."
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = OrderError

    @classmethod
    def perform_mutation(cls, _root, info, /, *, input):
        channel_id = cls.get_global_id_or_error(input["channel_id"], "Channel", "channel_id")
        channel = Channel.objects.get(pk=channel_id)
        user = None
        if input.get("user"):
            user = User.objects.get(pk=cls.get_global_id_or_error(input["user"], "User"))
        with transaction.atomic():
            order = OrderModel.objects.create(
                billing_address=cls._address(input.get("billing_address")),
                channel=channel,
                currency=channel.currency_code,
                status=OrderStatus.DRAFT,
                origin="draft",
                user=user,
                user_email=input.get("user_email") or (user.email if user else ""),
                language_code=(input.get("language_code") or "en").lower().replace("_", "-"),
                lines_count=len(input["lines"]),
            )
            total = sum(cls._add_line(order, line) for line in input["lines"])
            order.total_gross_amount = order.total_net_amount = total
            order.save()
        return cls(order=wrap(order))

    @staticmethod
    def _address(given):
        if not given:
            return None
        fields = {**given, "street_address_1": given.get("street_address1", "")}
        fields.pop("street_address1", None)
        return Address.objects.create(**fields)

    @classmethod
    def _add_line(cls, order, line):
        pk = cls.get_global_id_or_error(line["variant_id"], "ProductVariant", "lines")
        variant = ProductVariant.objects.select_related("product").get(pk=pk)
        listing = ProductVariantChannelListing.objects.get(variant=variant, channel=order.channel)
        price, quantity = listing.price_amount, line["quantity"]
        OrderLine.objects.create(
            order=order,
            variant=variant,
            product_name=variant.product.name,
            variant_name=variant.name,
            product_sku=variant.sku,
            is_shipping_required=False,
            is_gift_card=False,
            quantity=quantity,
            currency=order.currency,
            unit_price_net_amount=price,
            unit_price_gross_amount=price,
            total_price_net_amount=price * quantity,
            total_price_gross_amount=price * quantity,
        )
        return price * quantity


class _OrderMutation(BaseMutation):
    class Meta:
        abstract = True

    @classmethod
    def perform_mutation(cls, _root, info, /, *, id):
        order = cls.get_node_or_error(info, id, only_type=Order)
        manager = get_plugin_manager_promise(info.context).get()
        cls.act(order, manager)
        return cls(order=wrap(order))


class DraftOrderComplete(_OrderMutation):
    order = graphene.Field(Order)

    class Arguments:
        id = graphene.ID(required=True)

    class Meta:
        description = "Completes creating an order."
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = OrderError

    @staticmethod
    def act(order, manager):
        if order.status != OrderStatus.DRAFT:
            raise ValidationError({"id": ValidationError("Not a draft.", code="invalid")})
        if order.billing_address is None:
            text = "Can't finalize draft with no billing address."
            raise ValidationError({"order": ValidationError(text, code="required")})
        with transaction.atomic():
            actions.complete_draft(order, manager)


class OrderMarkAsPaid(_OrderMutation):
    order = graphene.Field(Order)

    class Arguments:
        id = graphene.ID(required=True)

    class Meta:
        description = "Mark order as manually paid."
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = OrderError

    @staticmethod
    def act(order, manager):
        actions.mark_order_as_paid_with_transaction(order, None, None, manager)


class OrderConfirm(_OrderMutation):
    order = graphene.Field(Order)

    class Arguments:
        id = graphene.ID(required=True)

    class Meta:
        description = "Confirms an unconfirmed order."
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = OrderError

    @staticmethod
    def act(order, manager):
        if order.status != OrderStatus.UNCONFIRMED:
            raise ValidationError({"id": ValidationError("Not unconfirmed.", code="invalid")})
        with transaction.atomic():
            order.status = OrderStatus.UNFULFILLED
            order.save(update_fields=["status", "updated_at"])
            actions.fire(manager, order, "order_confirmed")


class OrderCancel(_OrderMutation):
    order = graphene.Field(Order)

    class Arguments:
        id = graphene.ID(required=True)

    class Meta:
        description = "Cancel an order."
        permissions = (OrderPermissions.MANAGE_ORDERS,)
        error_type_class = OrderError

    @staticmethod
    def act(order, manager):
        if not order.can_cancel():
            raise ValidationError(
                {"order": ValidationError("Cannot be canceled.", code="cannot_cancel_order")}
            )
        settings = Site.objects.get_current().settings
        actions.cancel_order(order, None, None, manager, settings)


class OrderQueries(graphene.ObjectType):
    order = BaseField(Order, id=graphene.Argument(graphene.ID, required=True))

    @staticmethod
    def resolve_order(_root, info, *, id):
        _type, pk = from_global_id_or_error(id, Order, raise_error=True)
        rows = OrderModel.objects.using(get_database_connection_name(info.context))
        order = rows.filter(pk=pk).first()
        return wrap(order) if order else None


class OrderMutations(graphene.ObjectType):
    draft_order_create = DraftOrderCreate.Field()
    draft_order_complete = DraftOrderComplete.Field()
    order_mark_as_paid = OrderMarkAsPaid.Field()
    order_confirm = OrderConfirm.Field()
    order_cancel = OrderCancel.Field()
