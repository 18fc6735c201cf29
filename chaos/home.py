"""What all workers begin with, read once: they are forked from a process that has imported this.

A worker that is killed is then back in an instant, instead of after seconds of reading modules.
"""

from __future__ import annotations

import django

django.setup()

from saleor_cdkeys import sweeper, tasks  # noqa: E402, F401
from saleor_cdkeys.acquisition import tending  # noqa: E402, F401
from saleor_cdkeys.suppliers import http  # noqa: E402
from saleor_cdkeys.suppliers.registry import adapter_class  # noqa: E402

for _name in ("bamboo", "codeswholesale", "g2a", "kinguin", "sandbox"):
    adapter_class(_name)
http._trust()
