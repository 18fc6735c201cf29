"""Finding adapters: by entry point, so that other packages can add theirs."""

from __future__ import annotations

import functools
from importlib.metadata import entry_points

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import SupplierAdapter

GROUP = "saleor_cdkeys.suppliers"


@functools.cache
def adapter_names() -> tuple[str, ...]:
    """The names of all installed adapters, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


@functools.cache
def adapter_class(name: str) -> type[SupplierAdapter]:
    """The adapter of that name. Raises ConfigurationError that lists the installed ones."""
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            loaded: type[SupplierAdapter] = entry.load()
            return loaded
    known = ", ".join(adapter_names()) or "none"
    raise ConfigurationError(f"There is no supplier adapter {name!r}. Installed: {known}.")
