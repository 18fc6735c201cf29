"""Reading what holds for all products: rates, the chosen warehouse, those of each channel."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import conf
from saleor_cdkeys.acquisition.shop.costs import Circumstances
from saleor_cdkeys.acquisition.shop.troubles import Troubles
from saleor_cdkeys.exchange.converting import NoRate, Rate, Rates
from saleor_cdkeys.host import channels, shop_stock

#: The subject of alerts about the warehouse that was chosen.
_WAREHOUSE = "shop:warehouse"


def circumstances(troubles: Troubles) -> Circumstances:
    """What holds at this moment.

    A chosen warehouse that is gone is noted in ``troubles``; stock is then kept as if none was.
    """
    slug = str(conf.get("CDKEYS_SHOP_WAREHOUSE"))
    warehouse = shop_stock.warehouse_named(slug) if slug else None
    troubles.note_if(
        bool(slug) and warehouse is None,
        subject=_WAREHOUSE,
        message=_("There is no warehouse %(slug)s. Mend CDKEYS_SHOP_WAREHOUSE.") % {"slug": slug},
    )
    seconds = float(conf.get("CDKEYS_SHOP_MAX_AGE_SECONDS"))
    return Circumstances(
        rate_between=_Remembered(Rates.read()),
        seen_since=timezone.now() - dt.timedelta(seconds=seconds),
        unsaid=int(conf.get("CDKEYS_SHOP_UNSAID_STOCK")),
        warehouse=None if warehouse is None else (warehouse, slug),
        warehouses=shop_stock.warehouses_of_channels(
            channel_ids=[channel.id for channel in channels.all_channels()]
        ),
    )


class _Remembered:
    """Rates that were asked for once; what is missing is not looked for with each product."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._known: dict[tuple[str, str], Rate | NoRate] = {}

    def __call__(self, currency_from: str, currency_to: str) -> Rate:
        pair = (currency_from, currency_to)
        if pair not in self._known:
            try:
                self._known[pair] = self._rates.rate(*pair)
            except NoRate as error:
                self._known[pair] = error
        found = self._known[pair]
        if isinstance(found, NoRate):
            raise NoRate(str(found), pair=found.pair)
        return found
