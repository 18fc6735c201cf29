"""Making the encryption keys of an installation."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys import conf, vault
from saleor_cdkeys.errors import EncryptionKeyError
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.terminal import WIDTH

_FIRST = gettext_lazy(
    "Put this line into the environment of Saleor's API, its Celery workers and beat, the same for "
    "all. Keep a copy in a safe place, apart from the backups of the database: without it every "
    "stored key is lost, and whoever has both can read every key."
)
_ROTATION = gettext_lazy(
    "Put this line in place of the old one and restart Saleor's API, workers and beat together: "
    "what the new key seals, a process that does not know it cannot open. (For a rolling restart, "
    "see --last.) The old keys stay in the list for as long as anything that they sealed is stored."
)
_LATER = gettext_lazy(
    "Put this line in place of the old one and restart everything, one after the other if you "
    "like. Then move its last entry before the other keys and restart again: from then on it seals."
)


class Command(CdKeysCommand):
    help = _(
        "Make the encryption keys: one line for the environment of Saleor and its workers. It "
        "alone goes to standard output; what to do with it is said on standard error."
    )
    examples = """
  manage.py cdkeys_keys                  the line for a new installation
  manage.py cdkeys_keys >> .env
  manage.py cdkeys_keys --add            the line of this one, with a new key that seals from now on
  manage.py cdkeys_keys --add --last     the same, with the old key sealing still
  manage.py cdkeys_keys --fresh          for another installation, where this one has its keys
"""
    # It cures what the system check complains of.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--add",
            action="store_true",
            help=_("add a key to those of this installation; what it sealed so far still opens"),
        )
        which.add_argument(
            "--fresh",
            action="store_true",
            help=_("a list of its own, although this installation has keys"),
        )
        parser.add_argument(
            "--last",
            action="store_true",
            help=_("with --add: the new key can open but does not seal yet (for rolling restarts)"),
        )

    def handle(self, *, add: bool, fresh: bool, last: bool, **options: Any) -> None:
        present = conf.encryption_keys_text().strip()
        if last and not add:
            raise CommandError(_("--last goes with --add."))
        if add:
            self._print(_with_new_key(present, seals=not last))
            self._explain(_LATER if last else _ROTATION)
            return
        if present and not fresh:
            raise CommandError(
                _(
                    "This installation has its encryption keys already, and without them every "
                    "stored key is lost. --add adds one to them; --fresh makes a list for another "
                    "installation."
                )
            )
        self._print(f"{vault.INDEX_KEY_ID}:{vault.new_key()},k1:{vault.new_key()}")
        self._explain(_FIRST)

    def _print(self, keys: str) -> None:
        vault.parse_keys(keys)
        self.stdout.write(f"{conf.ENCRYPTION_KEYS}={keys}")

    def _explain(self, text: Promise) -> None:
        self.stderr.write(textwrap.fill(str(text), WIDTH), style_func=str)


def _with_new_key(present: str, *, seals: bool) -> str:
    """The list with one more key, which seals from now on or only opens."""
    try:
        vault.parse_keys(present)
    except EncryptionKeyError as error:
        raise CommandError(str(error)) from error
    entries = [entry.strip() for entry in present.split(",")]
    ids = [entry.partition(":")[0] for entry in entries]
    numbers = [int(key_id[1:]) for key_id in ids if re.fullmatch(r"k\d+", key_id)]
    added = f"k{max(numbers, default=0) + 1}:{vault.new_key()}"
    index = entries.pop(ids.index(vault.INDEX_KEY_ID))
    return ",".join([index, added, *entries] if seals else [index, *entries, added])
