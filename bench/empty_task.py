"""The task that does nothing, for the worker of the mail part."""

from __future__ import annotations

from saleor.celeryconf import app


@app.task(name="bench.empty", ignore_result=True)
def empty(order_id: str) -> None:
    pass
