"""What every test has, on the stand-in and inside real Saleor alike."""

from __future__ import annotations

import os

import django.test
import pytest
from django.conf import settings as django_settings
from saleor.tests.utils import prepare_test_db_connections

from tests.emptying import empty_tables

PLUGIN = "saleor_cdkeys.plugin.CdKeysPlugin"
ENCRYPTION_KEYS = f"index:{'A' * 43},k1:{'B' * 42}A"
ON_REAL_SALEOR = bool(os.environ.get("SALEOR_ROOT"))

# Saleor reads from a replica; in tests it is the same connection.
_DATABASES = {
    django_settings.DATABASE_CONNECTION_DEFAULT_NAME,
    django_settings.DATABASE_CONNECTION_REPLICA_NAME,
}
django.test.TransactionTestCase.databases = _DATABASES
django.test.TestCase.databases = _DATABASES
prepare_test_db_connections()
if ON_REAL_SALEOR:
    django.test.TransactionTestCase._fixture_teardown = classmethod(lambda _case: empty_tables())


def pytest_addoption(parser):
    parser.addoption("--run-slow", action="store_true", help="Run the thorough tests, too.")


def pytest_collection_modifyitems(config, items):
    skips = {
        "slow": not config.getoption("--run-slow") and "thorough: give --run-slow",
        "real_saleor": not ON_REAL_SALEOR and "shows what only real Saleor can show",
        "standin_only": ON_REAL_SALEOR and "uses what only the stand-in has",
    }
    for item in items:
        for marker, reason in skips.items():
            if reason and marker in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _installation(settings):
    """An installation as the README sets it up."""
    settings.PLUGINS = [PLUGIN]
    settings.CDKEYS_ENCRYPTION_KEYS = ENCRYPTION_KEYS
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _empty_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def channel(db):
    from tests.factories import make_channel

    return make_channel("shop-eur", "EUR")
