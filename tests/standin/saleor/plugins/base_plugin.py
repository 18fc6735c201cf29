import copy

from saleor.plugins.models import PluginConfiguration


class ConfigurationTypeField:
    STRING = "String"
    MULTILINE = "Multiline"
    BOOLEAN = "Boolean"
    SECRET = "Secret"
    SECRET_MULTILINE = "SecretMultiline"
    PASSWORD = "Password"
    OUTPUT = "OUTPUT"


class BasePlugin:
    PLUGIN_NAME = ""
    PLUGIN_ID = ""
    PLUGIN_DESCRIPTION = ""
    CONFIG_STRUCTURE = None
    CONFIGURATION_PER_CHANNEL = True
    DEFAULT_CONFIGURATION = []
    DEFAULT_ACTIVE = False
    HIDDEN = False

    @classmethod
    def check_plugin_id(cls, plugin_id):
        return plugin_id == cls.PLUGIN_ID

    def __init__(
        self,
        *,
        configuration,
        active,
        channel=None,
        requestor_getter=None,
        db_config=None,
        allow_replica=True,
    ):
        self.configuration = self.get_plugin_configuration(configuration)
        self.active = active
        self.channel = channel
        self.requestor = requestor_getter() if requestor_getter else None
        self.db_config = db_config
        self.allow_replica = allow_replica

    def __str__(self):
        return self.PLUGIN_NAME

    @classmethod
    def get_default_active(cls):
        return cls.DEFAULT_ACTIVE

    def is_event_active(self, event, channel=None):
        return hasattr(self, event)

    def get_plugin_configuration(self, configuration):
        configuration = copy.deepcopy(configuration or [])
        known = {item["name"] for item in configuration}
        defaults = [d for d in self.DEFAULT_CONFIGURATION if d["name"] not in known]
        return [item for item in configuration + defaults if item["name"] in self.CONFIG_STRUCTURE]

    @classmethod
    def validate_plugin_configuration(cls, plugin_configuration, **kwargs):
        """Raise ValidationError for what must not be saved."""

    @classmethod
    def pre_save_plugin_configuration(cls, plugin_configuration):
        """Change what is saved."""

    @classmethod
    def save_plugin_configuration(cls, plugin_configuration: PluginConfiguration, cleaned_data):
        if "active" in cleaned_data:
            plugin_configuration.active = cleaned_data["active"]
        new = {item["name"]: item["value"] for item in cleaned_data.get("configuration") or []}
        known = {item["name"] for item in plugin_configuration.configuration}
        items = plugin_configuration.configuration + [
            dict(item) for item in cls.DEFAULT_CONFIGURATION if item["name"] not in known
        ]
        for item in items:
            if item["name"] not in new:
                continue
            value = new[item["name"]]
            if cls.CONFIG_STRUCTURE[item["name"]]["type"] == ConfigurationTypeField.BOOLEAN:
                value = str(value).lower() == "true"
            item["value"] = value
        plugin_configuration.configuration = items
        cls.validate_plugin_configuration(plugin_configuration)
        cls.pre_save_plugin_configuration(plugin_configuration)
        plugin_configuration.save()
        return plugin_configuration
