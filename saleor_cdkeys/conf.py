"""The few knobs, and what they are by default.

The one thing an installation must set is ``CDKEYS_ENCRYPTION_KEYS`` (environment or Django
setting). The rest are Django settings or environment variables of the same names that nobody needs
to touch.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ENCRYPTION_KEYS = "CDKEYS_ENCRYPTION_KEYS"

DEFAULTS: dict[str, Any] = {
    # Seconds a worker owns a key order without a sign of life. Longer than any one network call.
    "CDKEYS_LEASE_SECONDS": 180,
    # Tries of one key order that end in an error before staff are asked.
    "CDKEYS_MAX_ATTEMPTS": 8,
    # Tries of one mail before it is given up, with an alert.
    "CDKEYS_MAX_MAIL_ATTEMPTS": 8,
    # Seconds between two sweeps by Celery beat.
    "CDKEYS_SWEEP_SECONDS": 30,
    # How far back, in days, the sweeper looks for paid orders that no hook announced.
    "CDKEYS_RECONCILE_DAYS": 14,
    # Seconds that one supplier call may take, and to get a connection.
    "CDKEYS_SUPPLIER_TIMEOUT": 30.0,
    "CDKEYS_SUPPLIER_CONNECT_TIMEOUT": 5.0,
    # Seconds after which an order that the supplier does not know of surely never reached it.
    "CDKEYS_QUIET_SECONDS": 60.0,
    # Seconds until a purchase whose outcome is not clear is looked up first; then ever seldomer.
    "CDKEYS_LOOKUP_SECONDS": 5.0,
    # Orders that each process of a worker has under way at suppliers at once, beside what it does
    # itself; each takes a connection to the database. 0: it does nothing else meanwhile.
    "CDKEYS_BUYING_THREADS": 4,
    # Days after which an exchange rate is too old to buy by.
    "CDKEYS_RATE_MAX_AGE_DAYS": 5,
    # An address that gives exchange rates, such as the ECB's daily file; empty: none is asked.
    "CDKEYS_RATES_URL": "",
    # Seconds between two times that it is asked.
    "CDKEYS_RATES_SECONDS": 21600.0,
    # Seconds between two looks at the balance of each supplier account.
    "CDKEYS_BALANCE_SECONDS": 900.0,
    # Seconds between two times that a supplier is asked what changed about mapped products.
    "CDKEYS_FRESHNESS_SECONDS": 600.0,
    # Failures in a row after which nothing is bought at a supplier for a while.
    "CDKEYS_PAUSE_AFTER": 5,
    # Seconds until a paused supplier is tried out first; then ever seldomer.
    "CDKEYS_PAUSE_SECONDS": 60.0,
    # The slug of the warehouse whose stock follows; empty: the first that has the product.
    "CDKEYS_SHOP_WAREHOUSE": "",
    # Seconds after which what a supplier said of a product no longer counts in the shop. Longer
    # than the day after which products are asked for whose changes a supplier lists.
    "CDKEYS_SHOP_MAX_AGE_SECONDS": 172800.0,
    # How many keys are shown of a supplier that sells a product and does not say how many it has.
    "CDKEYS_SHOP_UNSAID_STOCK": 5,
    # How many proxies of the shop's own stand in front and append to X-Forwarded-For.
    "CDKEYS_TRUSTED_PROXIES": 0,
}


def get(name: str) -> Any:
    """A knob's value: Django's setting of that name, else the environment, else the default.

    Raises ImproperlyConfigured where the environment holds something that is no such number.
    """
    default = DEFAULTS[name]
    if hasattr(settings, name):
        return getattr(settings, name)
    text = os.environ.get(name, "").strip()
    try:
        return type(default)(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {text!r}.") from None


def encryption_keys_text() -> str:
    """The raw text of the encryption keys: Django's setting, else the environment, else empty."""
    configured = getattr(settings, ENCRYPTION_KEYS, None)
    return str(configured if configured is not None else os.environ.get(ENCRYPTION_KEYS, ""))
