"""Committed rows, a real mail server on loopback, and a shop of one channel."""

from __future__ import annotations

import pytest

from tests.concurrency.mail_server import mail_server
from tests.factories import make_channel


@pytest.fixture
def mails(settings):
    with mail_server() as server:
        settings.CDKEYS_EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
        yield server


@pytest.fixture
def shop(transactional_db, mails):
    """The channel of a shop whose rows other processes see."""
    return make_channel("shop-eur", "EUR")
