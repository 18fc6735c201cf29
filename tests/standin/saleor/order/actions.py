"""What happens to orders, with the hooks in the order in which real Saleor fires them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from saleor.core.exceptions import InsufficientStock
from saleor.order import OrderChargeStatus, OrderStatus
from saleor.order.models import Fulfillment, FulfillmentLine, OrderEvent
from saleor.warehouse.models import Allocation, Stock


def fire(manager, order, *hooks):
    """Call hooks one after the other once the transaction is over; an exception ends the row."""
    for hook in hooks:
        transaction.on_commit(lambda hook=hook: getattr(manager, hook)(order))


@transaction.atomic
def create_fulfillments(
    user,
    app,
    order,
    fulfillment_lines_for_warehouses,
    manager,
    site_settings,
    *,
    notify_customer=True,
    auto=False,
    auto_approved=True,
    allow_stock_to_be_exceeded=False,
    tracking_number="",
):
    """As Saleor's: neither the order's status nor its payment is asked, the lines are trusted."""
    fulfillments = []
    for warehouse, lines in fulfillment_lines_for_warehouses.items():
        fulfillment = Fulfillment.objects.create(
            order=order,
            fulfillment_order=order.fulfillments.count() + 1,
            status="fulfilled" if auto_approved else "waiting_for_approval",
            tracking_number=tracking_number,
        )
        for entry in lines:
            _fulfil_line(fulfillment, warehouse, entry, allow_stock_to_be_exceeded, auto_approved)
        fulfillments.append(fulfillment)
    OrderEvent.objects.create(order=order, type="fulfillment_fulfilled_items", user=user, app=app)
    lines = list(order.lines.all())
    complete = all(line.quantity_fulfilled >= line.quantity for line in lines)
    order.status = OrderStatus.FULFILLED if complete else OrderStatus.PARTIALLY_FULFILLED
    order.save(update_fields=["status", "updated_at"])
    for fulfillment in fulfillments:
        transaction.on_commit(
            lambda f=fulfillment: manager.fulfillment_created(f, notify_customer=notify_customer)
        )
    fire(manager, order, "order_updated", *(["order_fulfilled"] if complete else []))
    return fulfillments


def _fulfil_line(fulfillment, warehouse, entry, may_exceed, auto_approved):
    line, quantity = entry["order_line"], entry["quantity"]
    if quantity > line.quantity_unfulfilled:
        raise ValidationError(
            {"order_line_id": ValidationError("Too much.", code="fulfill_order_line")}
        )
    stock = Stock.objects.filter(warehouse_id=warehouse, product_variant_id=line.variant_id).first()
    if stock is None and not may_exceed:
        raise InsufficientStock([line])
    if stock is not None and auto_approved and line.variant and line.variant.track_inventory:
        _take_stock(stock, line, quantity, may_exceed)
    FulfillmentLine.objects.create(
        fulfillment=fulfillment, order_line=line, quantity=quantity, stock=stock
    )
    # Written from the object that was handed in, as upstream does: stale lines corrupt it.
    line.quantity_fulfilled += quantity
    line.save(update_fields=["quantity_fulfilled"])


def _take_stock(stock, line, quantity, may_exceed):
    if stock.quantity < quantity and not may_exceed:
        raise InsufficientStock([line])
    Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") - quantity)
    for allocation in Allocation.objects.filter(order_line=line, stock=stock):
        taken = min(allocation.quantity_allocated, quantity)
        Allocation.objects.filter(pk=allocation.pk).update(
            quantity_allocated=F("quantity_allocated") - taken
        )
        Stock.objects.filter(pk=stock.pk).update(quantity_allocated=F("quantity_allocated") - taken)


@transaction.atomic
def cancel_order(order, user, app, manager, site_settings, webhook_event_map=None):
    order.status = OrderStatus.CANCELED
    order.save(update_fields=["status", "updated_at"])
    fire(manager, order, "order_cancelled", "order_updated")


@transaction.atomic
def mark_order_as_paid_with_transaction(order, request_user, app, manager, external_reference=None):
    order.payment_transactions.create(
        currency=order.currency, charged_value=order.total_gross_amount, name="Marked as paid"
    )
    order.total_charged_amount = order.total_gross_amount
    order.charge_status = OrderChargeStatus.FULL
    order.save(update_fields=["total_charged_amount", "charge_status", "updated_at"])
    fire(manager, order, "order_fully_paid", "order_updated")


def complete_draft(order, manager):
    """draftOrderComplete: the order is confirmed at once where the channel does so."""
    paid = order.charge_status in (OrderChargeStatus.FULL, OrderChargeStatus.OVERCHARGED)
    confirms = order.channel.automatically_confirm_all_new_orders
    order.status = OrderStatus.UNFULFILLED if confirms else OrderStatus.UNCONFIRMED
    order.save(update_fields=["status", "updated_at"])
    hooks = ["order_created"]
    if paid:
        hooks += ["order_paid", "order_fully_paid", "order_updated"]
    if confirms:
        hooks.append("order_confirmed")
    fire(manager, order, *hooks)
