"""Suppliers' accounts: their credentials, sealed, and the way from a row to its adapter."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys import vault
from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.base import SupplierAdapter
from saleor_cdkeys.suppliers.registry import adapter_class


@contextlib.contextmanager
def open_account(*, supplier: Supplier) -> Iterator[SupplierAdapter]:
    """The supplier's adapter with its credentials, closed at the end of the block.

    Raises ConfigurationError where the adapter is not installed or lacks a setting,
    EncryptionKeyError or SealBroken where the credentials do not open. Nothing is asked of the
    supplier for that.
    """
    secrets = read_secrets(supplier=supplier)
    missing = problems(adapter=supplier.adapter, config=supplier.config, secrets=secrets)
    if missing:
        raise ConfigurationError(
            _("The supplier %(name)s is not set up: %(problems)s")
            % {"name": supplier.name, "problems": " ".join(missing.values())}
        )
    adapter = adapter_class(supplier.adapter)(
        config=supplier.config, secrets=secrets, account=str(supplier.uid)
    )
    try:
        yield adapter
    finally:
        adapter.close()


def seal_secrets(*, supplier_uid: uuid.UUID, secrets: Mapping[str, str]) -> bytes | None:
    """What ``Supplier.sealed_secrets`` of the row with that uid is to hold; None for no secrets."""
    kept = {name: value for name, value in secrets.items() if value}
    if not kept:
        return None
    return vault.seal_text(json.dumps(kept), context=_context(supplier_uid))


def read_secrets(*, supplier: Supplier) -> dict[str, str]:
    """The credentials in clear text, for the adapter alone.

    Raises EncryptionKeyError or SealBroken.
    """
    if supplier.sealed_secrets is None:
        return {}
    secrets: dict[str, str] = json.loads(
        vault.open_text(bytes(supplier.sealed_secrets), context=_context(supplier.uid))
    )
    return secrets


def problems(
    *, adapter: str, config: Mapping[str, Any], secrets: Mapping[str, str]
) -> dict[str, str]:
    """What is wrong with the settings and secrets of an account: field → what to do about it.

    Raises ConfigurationError for an adapter that is not installed.
    """
    kind = adapter_class(adapter)
    found: dict[str, str] = {}
    for given, known in ((config, kind.config_fields), (secrets, kind.secret_fields)):
        for name in sorted(given):
            if name not in known:
                found[name] = _("The adapter has no field %(field)s.") % {"field": name}
    labels = {**kind.config_fields, **kind.secret_fields}
    values = {**config, **secrets}
    for name in sorted(kind.required):
        if not str(values.get(name) or "").strip():
            found[name] = _("Enter: %(label)s.") % {"label": labels[name]}
    return found


def _context(supplier_uid: uuid.UUID) -> bytes:
    return b"supplier:" + supplier_uid.bytes
