"""What every adapter must do, whatever its supplier speaks. It needs pytest and pytest-django.

A new adapter inherits :class:`SupplierContract` and gives it a :class:`Stage`: its adapter in front
of a fake supplier that is asked over real HTTP, and that knows what it really sold. The docs page
"Write your own supplier" shows one.
"""

from __future__ import annotations

from saleor_cdkeys.testing.supplier_contract.account import Account
from saleor_cdkeys.testing.supplier_contract.buying import Buying
from saleor_cdkeys.testing.supplier_contract.looking_up import LookingUp
from saleor_cdkeys.testing.supplier_contract.noes import Noes
from saleor_cdkeys.testing.supplier_contract.quotes import Quotes
from saleor_cdkeys.testing.supplier_contract.stage import Stage
from saleor_cdkeys.testing.supplier_contract.unknown import UnknownOutcomes

__all__ = ["Stage", "SupplierContract"]


# pytest runs the tests of the last base first.
class SupplierContract(Account, LookingUp, UnknownOutcomes, Noes, Buying, Quotes):
    """The suite. It is not collected itself: pytest takes classes whose name begins with Test."""
