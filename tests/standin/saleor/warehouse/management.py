from django.db import transaction

from saleor.warehouse.lock_objects import stock_qs_select_for_update
from saleor.warehouse.models import Stock


@transaction.atomic
def stock_bulk_update(stocks, fields_to_update):
    list(stock_qs_select_for_update().filter(pk__in=[stock.pk for stock in stocks]))
    Stock.objects.bulk_update(stocks, fields_to_update)
