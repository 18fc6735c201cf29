from saleor.warehouse.models import Stock


def stock_qs_select_for_update():
    return Stock.objects.order_by("pk").select_for_update(of=["self"])
