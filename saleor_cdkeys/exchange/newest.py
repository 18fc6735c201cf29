"""The newest rate of each pair of currencies, for people."""

from __future__ import annotations

from saleor_cdkeys.models import ExchangeRate

# The pairs are found by steps through their index, each to the next pair, so that it costs the same
# however many days are kept.
_NEWEST = """
WITH RECURSIVE pair AS (
    (
        SELECT currency, base FROM saleor_cdkeys_exchangerate
        ORDER BY currency, base LIMIT 1
    )
    UNION ALL
    SELECT following.currency, following.base
    FROM pair, LATERAL (
        SELECT currency, base FROM saleor_cdkeys_exchangerate
        WHERE (currency, base) > (pair.currency, pair.base)
        ORDER BY currency, base LIMIT 1
    ) AS following
)
SELECT newest.*
FROM pair, LATERAL (
    SELECT * FROM saleor_cdkeys_exchangerate AS rate
    WHERE rate.currency = pair.currency AND rate.base = pair.base
    ORDER BY rate.date DESC LIMIT 1
) AS newest
ORDER BY newest.base, newest.currency
"""


def newest_rates(*, using: str) -> list[ExchangeRate]:
    """The newest of each pair, by base and currency, read from the database of that name."""
    return list(ExchangeRate.objects.using(using).raw(_NEWEST))
