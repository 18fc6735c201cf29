"""The shop's own texts, with the words in braces that a merchant may use in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What a mail subject, introduction and footer may hold, and what stands in its place.
PLACEHOLDERS = ("order_number", "products", "shop")

_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in. Braces around any other word stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text).strip()


def one_line(text: str) -> str:
    """The text as a mail header can hold it: no line breaks, single spaces."""
    return " ".join(text.split())
