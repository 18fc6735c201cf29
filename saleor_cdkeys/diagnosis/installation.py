"""Whether the plugin is installed, and its tables and keys with it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys import channel_config, vault
from saleor_cdkeys.diagnosis.finding import Finding, fine, problem
from saleor_cdkeys.errors import EncryptionKeyError, SealBroken
from saleor_cdkeys.host import configuration
from saleor_cdkeys.models import Key

_APP = "saleor_cdkeys"
_PLUGIN = "saleor_cdkeys.plugin.CdKeysPlugin"


def migrations() -> Iterator[Finding]:
    """Our tables are as this version needs them."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes(_APP)
    missing = len(executor.migration_plan(targets))
    if missing:
        yield problem(
            ngettext(
                "%(count)d migration is not applied.",
                "%(count)d migrations are not applied.",
                missing,
            )
            % {"count": missing},
            _("Run `manage.py migrate`, then restart Saleor and its workers."),
        )
    else:
        yield fine(_("All tables are there."))


def plugin() -> Iterator[Finding]:
    """Saleor loads the plugin, and it is switched on with values that can be used."""
    if _PLUGIN not in getattr(settings, "PLUGINS", ()):
        yield problem(_("Saleor does not load the plugin."), _how_to_load())
    elif not configuration.plugin_is_active():
        yield problem(
            _("The plugin is switched off: no order is recorded and no private page opens."),
            _("Switch it on in the Dashboard under Plugins, or with pluginUpdate."),
        )
    else:
        yield fine(_("Saleor loads the plugin, and it is on."))
    for field, text in channel_config.problems(configuration.plugin_values()).items():
        yield problem(
            _("The plugin's configuration holds a value that cannot be used: %(field)s.")
            % {"field": field},
            text,
        )


def _how_to_load() -> str:
    if any(entry.name == _APP for entry in entry_points(group="saleor.plugins")):
        return _(
            "It is installed here, so Saleor's PLUGINS setting was replaced by one without it. "
            "Add %(plugin)s to it."
        ) % {"plugin": _PLUGIN}
    return _("Install it with pip into the environment of Saleor itself, and restart.")


def encryption_keys() -> Iterator[Finding]:
    """The encryption keys are there, and are those that sealed what is stored."""
    try:
        ring = vault.keyring()
    except EncryptionKeyError as error:
        yield problem(
            str(error),
            _(
                "For a new installation `manage.py cdkeys_keys` makes them. If keys are stored "
                "already, bring back the line that was used until now."
            ),
        )
        return
    # The first was sealed by the oldest encryption key in use, the last by the newest.
    stored = Key.objects.order_by("id").first(), Key.objects.order_by("id").last()
    try:
        for key in filter(None, stored):
            if not vault.is_known_by(key.fingerprint, sealed=key.sealed, uid=key.uid):
                yield problem(
                    _(
                        "The entry `index` of the encryption keys is not the one that was used "
                        "before, so codes that are known already are not found any more."
                    ),
                    _("Bring back the old entry `index`; it must never change."),
                )
                return
    except EncryptionKeyError as error:
        yield problem(str(error), _("Look for it in the copy that was kept of the line."))
        return
    except SealBroken:
        yield problem(
            _("A stored key does not open, although the id of its encryption key is known."),
            _(
                "The key of that id was replaced by another. Bring back the old one, and give the "
                "new one an id of its own (`manage.py cdkeys_keys --add`)."
            ),
        )
        return
    count = len(ring.ciphers)
    text = ngettext(
        "%(count)d encryption key; %(id)s seals.", "%(count)d encryption keys; %(id)s seals.", count
    ) % {"count": count, "id": ring.sealing_id}
    opened = _("The stored keys open.")
    yield fine(f"{text} {opened}" if any(stored) else text)
