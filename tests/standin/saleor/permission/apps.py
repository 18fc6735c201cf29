from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _create(sender, using, **_kwargs):
    from saleor.permission import enums
    from saleor.permission.models import Permission

    if using != "default":
        return
    for group in enums.BasePermissionEnum.__subclasses__():
        for permission in group:
            Permission.objects.get_or_create(
                codename=permission.codename, defaults={"name": permission.name}
            )


class PermissionConfig(AppConfig):
    name = "saleor.permission"

    def ready(self):
        post_migrate.connect(_create, sender=self)
