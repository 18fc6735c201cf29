"""What must never be seen, and an answer that holds it."""

from __future__ import annotations

import json

API_KEY = "client-secret-4711"
CODE = "AAAAA-BBBBB-CCCCC"
BODY = json.dumps({"code": CODE, "rest": "x" * 100}).encode()
