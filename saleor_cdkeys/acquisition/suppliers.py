"""Accounts at suppliers: opened, changed and closed by staff.

Credentials go in and never come out: what is kept is sealed, and only the adapter gets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition import accounts, balances, health
from saleor_cdkeys.acquisition.amounts import problem_of_amount
from saleor_cdkeys.errors import (
    ConfigurationError,
    EncryptionKeyError,
    InvalidInput,
    InvalidValues,
)
from saleor_cdkeys.models import Supplier
from saleor_cdkeys.suppliers.registry import adapter_class

_MAX_NAME = 255
_MAX_VALUE = 10_000


def create(*, name: str, adapter: str, values: Mapping[str, Any]) -> Supplier:
    """Open an account.

    ``values`` may hold ``is_active``, ``low_balance_amount`` (in the currency of the account's
    balance; None for no threshold), and ``config`` and ``secrets``, each a mapping of the adapter's
    field names to texts. Nothing is asked of the supplier. Raises InvalidInput for an unusable or
    taken name (field ``name``), an adapter that is not installed (``adapter``) or an amount that
    cannot be stored (``low_balance_amount``), InvalidValues for settings and secrets
    (``config.base_url``, ``secrets.api_key``), and EncryptionKeyError.
    """
    supplier = Supplier(name=_checked_name(name), adapter=adapter)
    try:
        adapter_class(adapter)
    except ConfigurationError as error:
        raise InvalidInput(str(error), field="adapter") from None
    if values.get("is_active") is not None:
        supplier.is_active = values["is_active"]
    _take_threshold(supplier, values)
    _take_settings(supplier, values)
    _save(supplier)
    return supplier


def update(*, supplier_id: int, values: Mapping[str, Any]) -> Supplier:
    """Change what ``values`` holds: ``name`` and what create takes there; the adapter stays.

    A setting or secret that is not named, or is None, keeps its value; an empty text removes it.
    Where the account is switched on or its settings or secrets change, orders that waited for one
    of its products are looked at again. Raises InvalidInput for an unknown supplier, and as create
    does.
    """
    with transaction.atomic():
        supplier = _lock(supplier_id, no_key=True)
        if "name" in values:
            supplier.name = _checked_name(values["name"])
        has_changed = False
        if values.get("is_active") is not None:
            has_changed = values["is_active"] and not supplier.is_active
            supplier.is_active = values["is_active"]
        _take_threshold(supplier, values)
        # An account that no longer opens can still be renamed and switched off.
        if has_changed or values.get("config") or values.get("secrets"):
            has_changed = _take_settings(supplier, values) or has_changed
        _save(supplier)
        balances.judge_balance(supplier=supplier)
        if supplier.is_active and has_changed:
            health.resume(supplier_id=supplier_id)
            health.resume_products(supplier_id=supplier_id)
            supplier.refresh_from_db()
    return supplier


def end_pause(*, supplier_id: int) -> Supplier:
    """Buy at a paused supplier again from now on; one that is not paused stays as it is.

    Orders that waited for it are looked at again. Where it still fails, it is paused again. Raises
    InvalidInput for an unknown supplier.
    """
    with transaction.atomic():
        supplier = _lock(supplier_id, no_key=True)
        health.resume(supplier_id=supplier_id)
        supplier.refresh_from_db()
    return supplier


def delete(*, supplier_id: int) -> Supplier:
    """Close an account that was never used.

    Raises InvalidInput for one that products are mapped to or that keys were bought from: what was
    bought must stay traceable, so it can only be switched off.
    """
    with transaction.atomic():
        supplier = _lock(supplier_id, no_key=False)
        try:
            Supplier.objects.filter(pk=supplier_id).delete()
        except ProtectedError:
            raise InvalidInput(
                _(
                    "Products are mapped to this supplier, or keys were bought from it. "
                    "Switch it off instead."
                ),
                field="id",
                code="in_use",
            ) from None
    return supplier


def _lock(supplier_id: int, *, no_key: bool) -> Supplier:
    rows = Supplier.objects.select_for_update(no_key=no_key)
    supplier = rows.filter(pk=supplier_id).first()
    if supplier is None:
        raise InvalidInput(_("There is no such supplier."), field="id", code="not_found")
    return supplier


def _checked_name(name: str | None) -> str:
    name = (name or "").strip()
    if not name:
        raise InvalidInput(_("Give the account a name."), field="name", code="required")
    if len(name) > _MAX_NAME or not name.isprintable():
        raise InvalidInput(
            _("A name is one line of at most %(limit)d characters.") % {"limit": _MAX_NAME},
            field="name",
        )
    return name


def _take_threshold(supplier: Supplier, values: Mapping[str, Any]) -> None:
    if "low_balance_amount" not in values:
        return
    amount = values["low_balance_amount"]
    problem = None if amount is None else problem_of_amount(amount)
    if problem:
        raise InvalidInput(problem, field="low_balance_amount")
    supplier.low_balance_amount = amount


def _take_settings(supplier: Supplier, values: Mapping[str, Any]) -> bool:
    """Put settings and secrets into the row, checked as a whole. Returns whether any changed."""
    new_config, new_secrets = values.get("config") or {}, values.get("secrets") or {}
    kept = _secrets_to_keep(supplier, new_secrets)
    config, secrets = _merged(supplier.config, new_config), _merged(kept, new_secrets)
    problems = _problems(supplier.adapter, config, secrets)
    if problems:
        raise InvalidValues(problems)
    has_changed = config != supplier.config or secrets != kept
    supplier.config = config
    if new_secrets:
        supplier.sealed_secrets = accounts.seal_secrets(supplier_uid=supplier.uid, secrets=secrets)
    _try_out(supplier)
    return has_changed


def _secrets_to_keep(supplier: Supplier, new: Mapping[str, str | None]) -> dict[str, str]:
    """The secrets there are, unless each is given anew: then the old need not even open."""
    given = {name for name, value in new.items() if value is not None}
    if given and given >= set(adapter_class(supplier.adapter).secret_fields):
        return {}
    return accounts.read_secrets(supplier=supplier)


def _merged(old: Mapping[str, Any], new: Mapping[str, str | None]) -> dict[str, Any]:
    given = {name: value.strip() for name, value in new.items() if value is not None}
    return {name: value for name, value in {**old, **given}.items() if value}


def _problems(
    adapter: str, config: Mapping[str, Any], secrets: Mapping[str, str]
) -> dict[str, str]:
    """What is wrong, by a name that tells settings from secrets."""
    secret_names = {*secrets, *adapter_class(adapter).secret_fields}
    found = accounts.problems(adapter=adapter, config=config, secrets=secrets)
    for name, value in {**config, **secrets}.items():
        if len(str(value)) > _MAX_VALUE:
            found[name] = _("Write at most %(limit)d characters.") % {"limit": _MAX_VALUE}
    return {
        f"{'secrets' if name in secret_names else 'config'}.{name}": problem
        for name, problem in found.items()
    }


def _try_out(supplier: Supplier) -> None:
    """Have the adapter made once, as a purchase will: it refuses what it cannot use."""
    try:
        with accounts.open_account(supplier=supplier):
            pass
    except EncryptionKeyError:
        raise
    except ConfigurationError as error:
        raise InvalidInput(str(error), field="config") from None


def _save(supplier: Supplier) -> None:
    try:
        with transaction.atomic():
            supplier.save()
    except IntegrityError:
        raise InvalidInput(
            _("Another account has this name."), field="name", code="unique"
        ) from None
