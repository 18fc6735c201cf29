"""What the plugin needs of the machine it runs on: the database, a cache for all, a true clock."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning

#: Seconds by which two clocks may differ unnoticed, and by which leases begin to fail.
_NOTICEABLE, _HARMFUL = 5.0, 60.0


def database() -> Iterator[Finding]:
    """PostgreSQL answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        # Its text may quote user and address.
        yield problem(
            _("The database cannot be reached (%(error)s).") % {"error": type(error).__name__},
            _("Check DATABASE_URL, and that PostgreSQL runs."),
        )
    else:
        yield fine(_("The database answers."))


def clock() -> Iterator[Finding]:
    """This machine and the database agree on the time, and times have a zone."""
    if not settings.USE_TZ:
        yield problem(
            _("Times are stored without a time zone."), _("Set USE_TZ = True, as Saleor does.")
        )
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    apart = abs((timezone.now() - theirs).total_seconds())
    text = _("The clocks of this machine and of the database are %(seconds).0f s apart.") % {
        "seconds": apart
    }
    remedy = _("Let both set their clocks by NTP.")
    if apart > _HARMFUL:
        yield problem(text, remedy)
    elif apart > _NOTICEABLE:
        yield warning(text, remedy)
    else:
        yield fine(_("The clocks of this machine and of the database agree."))


def shared_cache() -> Iterator[Finding]:
    """Django's cache works, and is one for all processes: limits are counted in it."""
    if not is_cache_shared():
        remedy = _("Set CACHE_URL to a Redis.")
        text = _("Each process has a cache of its own, so that each counts requests by itself.")
        yield fine(text) if settings.DEBUG else warning(text, remedy)
        return
    name, value = "cdkeys:doctor", secrets.token_hex(8)
    try:
        cache.set(name, value, 60)
        works = cache.get(name) == value
        error = _("what was put in does not come out")
    except Exception as failure:  # each cache backend has errors of its own
        works, error = False, type(failure).__name__
    if works:
        yield fine(_("The cache works, and is shared by all processes."))
    else:
        yield problem(
            _("The cache cannot be used (%(error)s): customers get no new links.")
            % {"error": error},
            _("Check CACHE_URL, and that the server behind it runs."),
        )


def is_cache_shared() -> bool:
    """Whether what one process puts into Django's cache is there for the others."""
    return not isinstance(caches[DEFAULT_CACHE_ALIAS], LocMemCache | DummyCache)
