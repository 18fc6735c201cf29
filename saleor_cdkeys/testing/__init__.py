"""For the tests of suppliers, other authors' among them. It needs pytest."""

from __future__ import annotations

import pytest

# Where an assertion fails, pytest then shows what it compared, as in a test of one's own.
pytest.register_assert_rewrite(
    "saleor_cdkeys.testing.leaks", "saleor_cdkeys.testing.supplier_contract"
)
