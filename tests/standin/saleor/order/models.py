from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import connection, models
from django.utils.timezone import now

from saleor.core.models import ModelWithMetadata
from saleor.order import FulfillmentStatus, OrderStatus


def get_order_number():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_order_number_seq')")
        return cursor.fetchone()[0]


def amount(**options):
    return models.DecimalField(max_digits=20, decimal_places=3, default=Decimal(0), **options)


class Order(ModelWithMetadata):
    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    number = models.IntegerField(unique=True, default=get_order_number, editable=False)
    use_old_id = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False, db_index=True)
    expired_at = models.DateTimeField(blank=True, null=True)
    status = models.CharField(max_length=32, default=OrderStatus.UNFULFILLED)
    authorize_status = models.CharField(max_length=32, default="none")
    charge_status = models.CharField(max_length=32, default="none")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=True,
        null=True,
        related_name="orders",
        on_delete=models.SET_NULL,
    )
    language_code = models.CharField(max_length=35, default="en")
    billing_address = models.ForeignKey(
        "account.Address", related_name="+", null=True, on_delete=models.SET_NULL
    )
    shipping_address = models.ForeignKey(
        "account.Address", related_name="+", null=True, on_delete=models.SET_NULL
    )
    user_email = models.EmailField(blank=True, default="")
    original = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    origin = models.CharField(max_length=32, default="checkout")
    currency = models.CharField(max_length=3)
    channel = models.ForeignKey("channel.Channel", related_name="orders", on_delete=models.PROTECT)
    checkout_token = models.CharField(max_length=36, blank=True)
    lines_count = models.PositiveIntegerField()
    customer_note = models.TextField(blank=True, default="")
    external_reference = models.CharField(max_length=250, unique=True, blank=True, null=True)
    redirect_url = models.URLField(blank=True, null=True)
    should_refresh_prices = models.BooleanField(default=True)
    total_net_amount = amount()
    total_gross_amount = amount()
    undiscounted_total_net_amount = amount()
    undiscounted_total_gross_amount = amount()
    subtotal_gross_amount = amount()
    total_charged_amount = amount()
    total_authorized_amount = amount()

    def __str__(self):
        return f"#{self.number}"

    def get_customer_email(self):
        if self.user_email:
            return self.user_email
        return self.user.email if self.user_id else None

    def is_draft(self):
        return self.status == OrderStatus.DRAFT

    def is_unconfirmed(self):
        return self.status == OrderStatus.UNCONFIRMED

    def is_fully_paid(self):
        return self.total_charged_amount >= self.total_gross_amount

    def get_last_payment(self):
        return None

    def can_cancel(self):
        live = self.fulfillments.exclude(status=FulfillmentStatus.CANCELED).exists()
        ended = (OrderStatus.CANCELED, OrderStatus.DRAFT, OrderStatus.EXPIRED)
        return not live and self.status not in ended


class OrderLine(ModelWithMetadata):
    id = models.UUIDField(primary_key=True, editable=False, unique=True, default=uuid4)
    old_id = models.PositiveIntegerField(unique=True, blank=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    order = models.ForeignKey(Order, related_name="lines", on_delete=models.CASCADE)
    variant = models.ForeignKey(
        "product.ProductVariant", related_name="order_lines", null=True, on_delete=models.SET_NULL
    )
    product_name = models.CharField(max_length=386)
    variant_name = models.CharField(max_length=255, default="", blank=True)
    translated_product_name = models.CharField(max_length=386, default="", blank=True)
    translated_variant_name = models.CharField(max_length=255, default="", blank=True)
    product_sku = models.CharField(max_length=255, null=True, blank=True)
    product_variant_id = models.CharField(max_length=255, null=True, blank=True)
    product_type_id = models.IntegerField(null=True)
    is_shipping_required = models.BooleanField()
    is_gift_card = models.BooleanField()
    is_gift = models.BooleanField(default=False)
    quantity = models.IntegerField()
    quantity_fulfilled = models.IntegerField(default=0)
    currency = models.CharField(max_length=3)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    unit_price_net_amount = amount()
    unit_price_gross_amount = amount()
    total_price_net_amount = amount()
    total_price_gross_amount = amount()
    undiscounted_unit_price_net_amount = amount()
    undiscounted_unit_price_gross_amount = amount()
    undiscounted_total_price_net_amount = amount()
    undiscounted_total_price_gross_amount = amount()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self):
        return self.product_name

    @property
    def quantity_unfulfilled(self):
        return self.quantity - self.quantity_fulfilled


class Fulfillment(ModelWithMetadata):
    fulfillment_order = models.PositiveIntegerField(editable=False)
    order = models.ForeignKey(Order, related_name="fulfillments", on_delete=models.CASCADE)
    status = models.CharField(max_length=32, default=FulfillmentStatus.FULFILLED)
    tracking_number = models.CharField(max_length=255, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True, default="")
    shipping_refund_amount = models.DecimalField(
        max_digits=20, decimal_places=3, null=True, blank=True
    )
    total_refund_amount = models.DecimalField(
        max_digits=20, decimal_places=3, null=True, blank=True
    )

    def __str__(self):
        return f"{self.order} · {self.fulfillment_order}"


class FulfillmentLine(models.Model):
    order_line = models.ForeignKey(
        OrderLine, related_name="fulfillment_lines", on_delete=models.CASCADE
    )
    fulfillment = models.ForeignKey(Fulfillment, related_name="lines", on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()
    stock = models.ForeignKey(
        "warehouse.Stock", related_name="fulfillment_lines", null=True, on_delete=models.SET_NULL
    )
    reason = models.TextField(blank=True, default="")

    def __str__(self):
        return f"{self.quantity} of {self.order_line}"


class OrderEvent(models.Model):
    date = models.DateTimeField(default=now, editable=False)
    type = models.CharField(max_length=255)
    order = models.ForeignKey(Order, related_name="events", on_delete=models.CASCADE)
    parameters = models.JSONField(blank=True, default=dict)
    related = models.ForeignKey(
        "self", related_name="related_events", null=True, on_delete=models.SET_NULL
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    app = models.ForeignKey("app.App", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self):
        return self.type
