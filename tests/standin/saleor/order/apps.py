from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _create(sender, using, **_kwargs):
    # Once, here: two orders that made it at the same time would get in each other's way.
    if using == "default":
        with connections[using].cursor() as cursor:
            cursor.execute("CREATE SEQUENCE IF NOT EXISTS order_order_number_seq")


class OrderConfig(AppConfig):
    name = "saleor.order"

    def ready(self):
        post_migrate.connect(_create, sender=self)
