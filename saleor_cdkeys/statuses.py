"""The closed lists: statuses, reasons, kinds. Their values are stored and sent: never rename."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyOrderStatus(TextChoices):
    PENDING = "pending", _("Pending")
    PROCESSING = "processing", _("Processing")
    FULFILLED = "fulfilled", _("Keys obtained")
    DELIVERED = "delivered", _("Delivered")
    WAITING = "waiting", _("Waiting")
    FAILED = "failed", _("Failed")
    REFUNDED = "refunded", _("Refunded")
    CANCELED = "canceled", _("Canceled")


#: Key orders that are not at an end: their open units want keys yet.
LIVE_KEY_ORDERS = (
    KeyOrderStatus.PENDING,
    KeyOrderStatus.PROCESSING,
    KeyOrderStatus.WAITING,
    KeyOrderStatus.FAILED,
)


class Reason(TextChoices):
    """Why a key order is where it is."""

    NONE = "", ""
    NOT_PAID = "not_paid", _("Not paid in full yet")
    NOT_CONFIRMED = "not_confirmed", _("The order is not confirmed yet")
    DELAY = "delay", _("The processing delay of the channel is running")
    NOT_RELEASED = "not_released", _("The product is not released yet")
    AUTO_PROCESSING_OFF = "auto_processing_off", _("Automatic processing is off for this channel")
    MANUAL_PRODUCT = "manual_product", _("Keys of this product are typed by staff")
    PRODUCT_INACTIVE = "product_inactive", _("The key product is switched off")
    ABOVE_AMOUNT = "above_amount", _("The order is above the amount that is held for review")
    ABOVE_QUANTITY = "above_quantity", _("The quantity is above what is held for review")
    NO_MAPPING = "no_mapping", _("No supplier is mapped to this product")
    OUT_OF_STOCK = "out_of_stock", _("No key in stock and none to be bought")
    PRICE_ABOVE_GUARD = "price_above_guard", _("Every offer costs more than the product allows")
    OUTCOME_UNKNOWN = "outcome_unknown", _("The supplier has not said yet whether it sold the keys")
    SUPPLIER_PENDING = "supplier_pending", _("The supplier accepted the order; keys are to come")
    SUPPLIER_ERROR = (
        "supplier_error",
        _("A supplier could not be reached or answered with an error"),
    )
    DUPLICATE_CODE = "duplicate_code", _("The supplier sent a code that is known already")
    SHORT_DELIVERY = "short_delivery", _("The supplier sent fewer keys than it was paid for")
    CURRENCY_MISMATCH = "currency_mismatch", _("The offer is in a currency that cannot be compared")
    MAIL_FAILED = "mail_failed", _("The message with the keys could not be sent")
    GAVE_UP = "gave_up", _("Retrying did not help")
    PAYMENT_REVERSED = "payment_reversed", _("The order is no longer paid in full")
    ORDER_CANCELED = "order_canceled", _("The order was canceled")
    ORDER_EXPIRED = "order_expired", _("The order expired")
    ORDER_REFUNDED = "order_refunded", _("The order was refunded")
    ORDER_CLOSED = (
        "order_closed",
        _("The order was closed in Saleor before its keys were delivered"),
    )
    ORDER_MISSING = "order_missing", _("The order is gone from Saleor")
    HELD_BY_STAFF = "held_by_staff", _("Held by staff")
    BUG = "bug", _("Something unforeseen happened; a person must look")


#: Reasons of a WAITING key order for which a key that comes in is all that it needs. That of a
#: release means the suppliers' day: before the product's own moment no key helps.
QUEUED_FOR_KEYS = (
    Reason.OUT_OF_STOCK,
    Reason.PRICE_ABOVE_GUARD,
    Reason.CURRENCY_MISMATCH,
    Reason.SUPPLIER_ERROR,
    Reason.SHORT_DELIVERY,
    Reason.DUPLICATE_CODE,
    Reason.NOT_RELEASED,
)


class UnitStatus(TextChoices):
    OPEN = "open", _("Open")
    FILLED = "filled", _("Key obtained")
    DELIVERED = "delivered", _("Delivered")
    CANCELED = "canceled", _("Canceled")
    REFUNDED = "refunded", _("Refunded")


class KeyStatus(TextChoices):
    AVAILABLE = "available", _("Available")
    ASSIGNED = "assigned", _("Assigned")
    QUARANTINED = "quarantined", _("Quarantined")


class BatchStatus(TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class Source(TextChoices):
    """Where the keys of a key product come from."""

    STOCK = "stock", _("Own stock only")
    STOCK_THEN_SUPPLIERS = "stock_then_suppliers", _("Own stock, then suppliers")
    SUPPLIERS = "suppliers", _("Suppliers only")
    MANUAL = "manual", _("Typed by staff")


class SupplierChoice(TextChoices):
    """Which supplier of a key product is asked first."""

    IN_ORDER = "in_order", _("In the order of the mappings")
    CHEAPEST = "cheapest", _("The cheapest at that moment")


class PauseReason(TextChoices):
    """Why nothing is bought at a supplier for a while."""

    ACCOUNT = "account", _("The supplier does not accept the account")
    BALANCE = "balance", _("The balance at the supplier is too low")
    ERRORS = "errors", _("The supplier failed several times in a row")


class MappingFlag(TextChoices):
    """What is odd about a supplier product that is mapped; the first that applies."""

    NONE = "", ""
    VANISHED = "vanished", _("The supplier no longer has the product")
    BECAME_PREORDER = "became_preorder", _("The product turned into a pre-order")
    REGION_CHANGED = "region_changed", _("The region of the product changed")
    ABOVE_GUARD = "above_guard", _("The product costs more than the key product allows")


class PriceRule(TextChoices):
    """How the price of a key product in the shop follows what its keys cost."""

    NONE = "none", _("Staff set the price")
    FIXED = "fixed", _("A fixed price")
    MARGIN_PERCENT = "margin_percent", _("So much percent of the price is margin")
    MARGIN_AMOUNT = "margin_amount", _("So much above what a key costs")


class ShopChangeKind(TextChoices):
    """What the plugin changed in the shop by itself."""

    PRICE = "price", _("The price in a channel")
    STOCK = "stock", _("The stock in a warehouse")


class DeliveryMode(TextChoices):
    TOGETHER = "together", _("All keys of a line together")
    AS_AVAILABLE = "as_available", _("Each key as soon as it is there")


class PurchaseStatus(TextChoices):
    CREATED = "created", _("Written down, not sent")
    UNKNOWN = "unknown", _("Outcome unknown")
    ACCEPTED = "accepted", _("Accepted, keys to come")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    NOT_SENT = "not_sent", _("Never reached the supplier")


#: As long as a key order has one of these, nothing else is bought for it.
OPEN_PURCHASES = (PurchaseStatus.CREATED, PurchaseStatus.UNKNOWN, PurchaseStatus.ACCEPTED)


class DeliveryKind(TextChoices):
    INITIAL = "initial", _("Keys obtained")
    RESEND = "resend", _("Sent again by staff")
    NEW_LINK = "new_link", _("New link asked for by the customer")
    RELEASE = "release", _("Told of the release date, without keys")


class DeliveryStatus(TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Accepted by the mail server")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Canceled")


class AccessKind(TextChoices):
    """How a code left, or was looked at."""

    STAFF_REVEAL = "staff_reveal", _("Revealed by staff")
    CUSTOMER_REVEAL = "customer_reveal", _("Revealed on the page")
    CUSTOMER_DOWNLOAD = "customer_download", _("Downloaded from the page")
    CUSTOMER_API = "customer_api", _("Read by the customer over the API")
    MAILED = "mailed", _("Sent in an e-mail")


class AlertKind(TextChoices):
    KEY_ORDER_FAILED = "key_order_failed", _("A key order failed")
    KEY_ORDER_WAITING = "key_order_waiting", _("A key order waits for a person")
    OUT_OF_STOCK = "out_of_stock", _("A product is out of stock")
    SUPPLIER_PROBLEM = "supplier_problem", _("A supplier has a problem")
    SUPPLIER_PAUSED = "supplier_paused", _("Nothing is bought at a supplier for a while")
    LOW_BALANCE = "low_balance", _("The balance at a supplier is low")
    EXCHANGE_RATE = "exchange_rate", _("An exchange rate is missing or too old")
    OUTCOME_UNKNOWN = "outcome_unknown", _("The outcome of a purchase is unknown")
    CHARGED_TOO_MUCH = "charged_too_much", _("A supplier charged more than agreed")
    SUPPLIER_DELIVERY = "supplier_delivery", _("A supplier delivered something wrong")
    MAIL_NOT_SET_UP = "mail_not_set_up", _("Mail is not set up")
    MAIL_FAILED = "mail_failed", _("A mail could not be sent")
    FULFILMENT_FAILED = "fulfilment_failed", _("Saleor's order could not be fulfilled")
    MAPPING_FLAGGED = "mapping_flagged", _("Mapped products of a supplier need a look")
    SHOP_NOT_FOLLOWING = "shop_not_following", _("A price or stock in the shop cannot follow")
    LOST_ORDER_FOUND = "lost_order_found", _("The sweeper found an order that no hook announced")


class EventType(TextChoices):
    """Rows of a key order's timeline."""

    RECEIVED = "received", _("Received")
    MOVED = "moved", _("Status changed")
    RETRY = "retry", _("Will be tried again")
    KEYS_ASSIGNED = "keys_assigned", _("Keys assigned from stock")
    KEYS_ENTERED = "keys_entered", _("Keys typed by staff")
    PURCHASE_CREATED = "purchase_created", _("Purchase written down")
    PURCHASE_ANSWERED = "purchase_answered", _("Supplier answered")
    DELIVERY_QUEUED = "delivery_queued", _("Message queued")
    DELIVERY_SENT = "delivery_sent", _("Message accepted by the mail server")
    DELIVERY_FAILED = "delivery_failed", _("Message failed")
    REVEALED = "revealed", _("Keys seen")
    FULFILLED_IN_SALEOR = "fulfilled_in_saleor", _("Fulfilled in Saleor")
    NOTE = "note", _("Note")
