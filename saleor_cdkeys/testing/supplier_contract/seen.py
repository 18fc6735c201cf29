"""The texts by which codes are known, wherever they are seen."""

from __future__ import annotations

import base64

from saleor_cdkeys.testing.supplier_contract.stage import Stage
from saleor_cdkeys.values import KeyCode


def all_codes(stage: Stage) -> set[str]:
    """What must not be seen of all that was sold."""
    codes: set[str] = set()
    for reference in stage.orders_sold():
        codes |= forms(stage.codes_sold(reference))
    return codes


def forms(codes: list[KeyCode]) -> set[str]:
    """The texts by which codes would be known where they are seen."""
    forms: set[str] = set()
    for code in codes:
        if code.data:
            forms.add(base64.b64encode(code.data).decode())
        else:
            forms |= {code.text} if code.text else {value for _name, value in code.fields}
    # A PIN of four digits stands by chance in many a text.
    return {form for form in forms if len(form) > 6}


def words(kept: list[bytes]) -> set[str]:
    """What stands between quotation marks in answers that were kept."""
    return {word for raw in kept for word in raw.decode(errors="replace").split('"')}
