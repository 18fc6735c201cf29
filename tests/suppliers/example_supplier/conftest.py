"""An adapter needs no Saleor and no database for its tests, only Django's settings."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

if not settings.configured:
    settings.configure(USE_TZ=True)

# Not needed where the package is installed.
sys.path.insert(0, str(Path(__file__).parent))
