"""What customers, staff and payment apps do in a shop, each by one of Saleor's mutations."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from saleor.channel.models import Channel
from saleor.order.models import Order
from saleor.product.models import ProductVariant

from tests.saleor.api import Api, global_id

ADDRESS = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "streetAddress1": "Hauptstraße 1",
    "city": "Berlin",
    "postalCode": "10115",
    "country": "DE",
}
CUSTOMER = "ada@example.com"


@dataclasses.dataclass(frozen=True)
class Shop:
    """``channel`` is one that Saleor made: confirmed by itself, paid by transactions."""

    api: Api
    channel: Channel

    def checkout(self, *lines):
        """A customer's cart over (key product or variant, quantity) pairs; its global id."""
        made = self.api.run(
            "checkoutCreate",
            kinds={"input": "CheckoutCreateInput!"},
            returns="checkout { id }",
            input={
                "channel": self.channel.slug,
                "email": CUSTOMER,
                "billingAddress": ADDRESS,
                "lines": _lines(lines),
            },
        )
        return made["checkout"]["id"]

    def complete(self, checkout_id):
        """The customer buys what is in the cart."""
        done = self.api.run(
            "checkoutComplete",
            kinds={"id": "ID!"},
            returns="order { number }",
            id=checkout_id,
        )
        return Order.objects.get(number=done["order"]["number"])

    def draft(self, *lines, **fields):
        """Staff write an order down; its global id."""
        made = self.api.run(
            "draftOrderCreate",
            kinds={"input": "DraftOrderCreateInput!"},
            returns="order { id }",
            input={
                "channelId": global_id(self.channel),
                "userEmail": CUSTOMER,
                "billingAddress": ADDRESS,
                "lines": _lines(lines),
                **fields,
            },
        )
        return made["order"]["id"]

    def complete_draft(self, draft_id):
        done = self.api.run(
            "draftOrderComplete", kinds={"id": "ID!"}, returns="order { number }", id=draft_id
        )
        return Order.objects.get(number=done["order"]["number"])

    def pay(self, subject_id, amount, reference="charge-1"):
        """A payment app reports that it has the money for a cart or an order."""
        made = self.api.run(
            "transactionCreate",
            kinds={"id": "ID!", "transaction": "TransactionCreateInput!"},
            returns="transaction { id }",
            id=subject_id,
            transaction={
                "name": "Card",
                "pspReference": reference,
                "amountCharged": {"amount": str(amount), "currency": "EUR"},
            },
        )
        return made["transaction"]["id"]

    def report(self, transaction_id, kind, amount):
        """A payment app reports what became of the money, such as CHARGE_BACK."""
        self.api.run(
            "transactionEventReport",
            kinds={
                "id": "ID!",
                "type": "TransactionEventTypeEnum!",
                "amount": "PositiveDecimal",
                "pspReference": "String!",
            },
            returns="alreadyProcessed",
            id=transaction_id,
            type=kind,
            amount=str(Decimal(amount)),
            pspReference=f"{kind}-1",
        )

    def mark_as_paid(self, order):
        self.api.run(
            "orderMarkAsPaid",
            kinds={"id": "ID!"},
            returns="order { isPaid }",
            id=global_id(order),
        )

    def cancel(self, order):
        self.api.run(
            "orderCancel", kinds={"id": "ID!"}, returns="order { status }", id=global_id(order)
        )


def _lines(lines):
    return [{"variantId": _variant_id(sold), "quantity": quantity} for sold, quantity in lines]


def _variant_id(sold):
    if isinstance(sold, ProductVariant):
        return global_id(sold)
    return global_id(ProductVariant.objects.get(pk=sold.variant_id))
