"""Django's system checks of an installation."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import register as register_check

from saleor_cdkeys import vault
from saleor_cdkeys.errors import EncryptionKeyError


def register() -> None:
    """Add the checks; `collectstatic`, run in image builds without secrets, asks none."""
    register_check(encryption_keys)


def encryption_keys(app_configs: Any = None, **_options: Any) -> list[CheckMessage]:
    """E001: the encryption keys are missing or malformed."""
    try:
        vault.keyring()
    except EncryptionKeyError as error:
        return [
            Error(
                str(error),
                hint="Run `manage.py cdkeys_keys` and put the line it prints into the environment.",
                id="saleor_cdkeys.E001",
            )
        ]
    return []
