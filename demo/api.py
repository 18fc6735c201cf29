"""Saleor's GraphQL endpoint, as an app with a token talks to it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from demo.errors import DemoFailed


class ApiRefused(DemoFailed):
    """The endpoint answered with errors. The text holds them, ``codes`` their codes."""

    def __init__(self, message: str, *, codes: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.codes = codes


class Api:
    """One connection pool; may be used by many threads."""

    def __init__(self, *, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
            limits=httpx.Limits(max_connections=16),
        )

    def run(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data of an operation. Raises ApiRefused for errors of any sort."""
        body = {"query": document, "variables": dict(variables or {})}
        return _data(self._client.post("/graphql/", json=body))

    def upload(
        self, document: str, variables: Mapping[str, Any], *, at: str, file: Path
    ) -> dict[str, Any]:
        """The same with a file, which stands in the variables ``at`` (such as ``input.file``)."""
        operations = {"query": document, "variables": dict(variables)}
        answer = self._client.post(
            "/graphql/",
            data={
                "operations": json.dumps(operations),
                "map": json.dumps({"0": [f"variables.{at}"]}),
            },
            files={"0": (file.name, file.read_bytes())},
        )
        return _data(answer)

    def close(self) -> None:
        self._client.close()


def _data(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        raise ApiRefused(f"The API answered {answer.status_code} without JSON.") from None
    if body.get("errors"):
        raise ApiRefused("; ".join(error["message"] for error in body["errors"]))
    data: dict[str, Any] = body["data"]
    refused = [error for result in data.values() for error in _errors_of(result)]
    if refused:
        text = "; ".join(f"{error['field']}: {error['message']}" for error in refused)
        raise ApiRefused(text, codes=frozenset(error["code"] for error in refused))
    return data


def _errors_of(result: Any) -> list[dict[str, Any]]:
    return (result.get("errors") or []) if isinstance(result, dict) else []


def global_id(type_name: str, pk: object) -> str:
    """Saleor's id of an object, as its API takes it."""
    return base64.b64encode(f"{type_name}:{pk}".encode()).decode()
