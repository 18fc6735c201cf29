import pytest

from tests.factories import make_channel


@pytest.fixture
def channel(db):
    return make_channel("shop-eur", "EUR")
