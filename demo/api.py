"""Saleor's GraphQL endpoint, as an app with a token talks to it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import httpx


class ApiRefused(Exception):
    """The endpoint answered with errors. The text holds them, never the variables."""


class Api:
    """One connection pool; may be used by many threads."""

    def __init__(self, *, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
            limits=httpx.Limits(max_connections=16),
        )

    def run(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data of an operation. Raises ApiRefused for errors of any sort."""
        answer = self._client.post(
            "/graphql/", json={"query": document, "variables": dict(variables)}
        )
        body = answer.json()
        if body.get("errors"):
            raise ApiRefused("; ".join(error["message"] for error in body["errors"]))
        data: dict[str, Any] = body["data"]
        refused = [error for result in data.values() for error in _errors_of(result)]
        if refused:
            raise ApiRefused("; ".join(f"{e['field']}: {e['message']}" for e in refused))
        return data

    def close(self) -> None:
        self._client.close()


def _errors_of(result: Any) -> list[dict[str, Any]]:
    return (result.get("errors") or []) if isinstance(result, dict) else []


def global_id(type_name: str, pk: object) -> str:
    """Saleor's id of an object, as its API takes it."""
    return base64.b64encode(f"{type_name}:{pk}".encode()).decode()
