"""Writing a plan into the shop, with a record of each change."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from saleor_cdkeys.acquisition.shop.plan import ShopPlan
from saleor_cdkeys.acquisition.shop.pricing import PricePlan
from saleor_cdkeys.acquisition.shop.quantities import StockPlan
from saleor_cdkeys.host import prices, shop_stock
from saleor_cdkeys.models import KeyProduct, ShopChange
from saleor_cdkeys.statuses import ShopChangeKind

_PLACES = Decimal("0.0001")


def write(product: KeyProduct, plan: ShopPlan) -> None:
    """Write what differs. Call it in the transaction in which the plan was made under locks."""
    changed = [price for price in plan.prices if price.is_change]
    if changed:
        prices.set_prices(
            variant_id=product.variant_id,
            amounts={
                price.listing.channel_id: price.new.amount
                for price in changed
                if price.new is not None
            },
        )
    records = [_of_price(product, price) for price in changed]
    if plan.stock is not None and plan.stock.is_change:
        shop_stock.set_quantities(
            variant_id=product.variant_id,
            quantities={q.warehouse_id: q.new for q in plan.stock.quantities if q.is_change},
        )
        records += _of_stock(product, plan.stock)
    ShopChange.objects.bulk_create(records)


def _of_price(product: KeyProduct, plan: PricePlan) -> ShopChange:
    assert plan.new is not None
    change = ShopChange(
        key_product=product,
        kind=ShopChangeKind.PRICE,
        channel_id=plan.listing.channel_id,
        place=plan.listing.channel,
        old_value=plan.listing.price.amount,
        new_value=plan.new.amount,
        currency=plan.new.currency,
        reason=plan.reason[:500],
    )
    if plan.cost is not None:
        money, rate = plan.cost.money, plan.cost.rate
        change.cost_amount = money.amount.quantize(_PLACES, rounding=ROUND_HALF_UP)
        change.cost_currency = money.currency
        change.exchange_rate = None if rate.date is None else rate.value
        change.exchange_rate_date = rate.date
    return change


def _of_stock(product: KeyProduct, plan: StockPlan) -> list[ShopChange]:
    return [
        ShopChange(
            key_product=product,
            kind=ShopChangeKind.STOCK,
            place=quantity.warehouse,
            # What is oversold is not for sale; less than nothing cannot be bought.
            old_value=max(quantity.was_for_sale, 0),
            new_value=max(quantity.for_sale, 0),
            reason=plan.reason[:500],
        )
        for quantity in plan.quantities
        if quantity.is_change
    ]
