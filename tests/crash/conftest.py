"""The shop of the race tests, for workers that die."""

from tests.concurrency.conftest import mails, shop

__all__ = ["mails", "shop"]
