from django.apps import AppConfig


class ModelsOnly(AppConfig):
    """The plugin's models; nothing is joined to a host."""

    name = "saleor_cdkeys"
