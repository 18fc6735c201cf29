"""Lists that come in pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import TryLater
from saleor_cdkeys.suppliers.codeswholesale import reading
from saleor_cdkeys.suppliers.codeswholesale.refusals import refuse
from saleor_cdkeys.suppliers.http import readable
from saleor_cdkeys.suppliers.oauth import BearerClient


def read_page(
    api: BearerClient, path: str, params: Mapping[str, str], page: str
) -> tuple[list[Mapping[str, Any]], str]:
    """The items of a page, and how the next is called; empty at the end.

    Raises AccountProblem, or TryLater: a list is there, so any other no will pass.
    """
    answer = api.read(path, params={**params, **({"continuationToken": page} if page else {})})
    if answer.status == 403:
        refuse(answer)
    found = readable(lambda: reading.read_list(answer.body)) if answer.is_success else None
    # A page that leads to itself would be read for ever.
    if found is None or (page and found[1] == page):
        raise TryLater(
            _("The supplier answered %(status)d and nothing usable.") % {"status": answer.status},
            supplier_code=reading.error_code(answer),
        )
    return found


def iso(moment: dt.datetime) -> str:
    """A moment in the form in which the supplier tells them."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
