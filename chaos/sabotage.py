"""The control: a purchase that is committed only after its call, as if there were no journal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

from django.db import transaction

from saleor_cdkeys.acquisition.purchasing import buying


@contextlib.contextmanager
def committed_after_the_call() -> Iterator[None]:
    """Whatever dies between the call and the commit forgets that it bought."""
    real = buying._Purchaser._purchase

    def purchase(self: Any, *arguments: Any) -> Any:
        with transaction.atomic():
            return real(self, *arguments)

    with mock.patch.object(buying._Purchaser, "_purchase", purchase):
        yield
