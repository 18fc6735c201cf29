from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

_INDEXES = {
    "cdkeys_order_status": ("keyorder", ["status", "id"]),
    "cdkeys_order_channel": ("keyorder", ["channel_id", "status", "id"]),
    "cdkeys_order_number": ("keyorder", ["order_number", "id"]),
    "cdkeys_order_email": ("keyorder", ["email", "id"]),
    "cdkeys_order_product": ("keyorder", ["key_product", "id"]),
    "cdkeys_key_by_product": ("key", ["key_product", "id"]),
}


def _replaced():
    for name, (model, fields) in _INDEXES.items():
        yield RemoveIndexConcurrently(model, name)
        yield AddIndexConcurrently(model, models.Index(fields=fields, name=name))


class Migration(migrations.Migration):
    """Indexes that go one way, so that a page of a list is what lies between two points of one."""

    atomic = False

    dependencies = [("saleor_cdkeys", "0004_key_status")]

    operations = list(_replaced())
