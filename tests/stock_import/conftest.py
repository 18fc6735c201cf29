"""Two games to import keys for."""

from __future__ import annotations

import dataclasses

import pytest

from saleor_cdkeys.models import KeyProduct
from tests.factories.cdkeys import make_key_product


@dataclasses.dataclass(frozen=True)
class Games:
    a: KeyProduct
    b: KeyProduct


@pytest.fixture
def games(channel) -> Games:
    """Key products with the SKUs GAME-A and GAME-B."""
    return Games(
        a=make_key_product(channel=channel, sku="GAME-A"),
        b=make_key_product(channel=channel, sku="GAME-B"),
    )
