from saleor.order.models import OrderEvent


def order_note_added_event(*, order, user, app, message):
    return OrderEvent.objects.create(
        order=order, type="note_added", parameters={"message": message}, user=user, app=app
    )


def external_notification_event(*, order, user, app, message, parameters):
    return OrderEvent.objects.create(
        order=order,
        type="external_service_notification",
        parameters=parameters or {},
        user=user,
        app=app,
    )
