"""Saleor's GraphQL endpoint, as programs and browsers reach it: over its URL, with their token."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from saleor.app.models import AppToken
from saleor.core.jwt import create_access_token

IP = "203.0.113.9"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the endpoint answered. ``text`` is all of it, to search for what must not be there."""

    data: dict[str, Any]
    errors: list[dict[str, Any]]
    text: str

    @property
    def codes(self) -> list[str]:
        """The sorts of the errors, such as PermissionDenied."""
        return [error["extensions"]["exception"]["code"] for error in self.errors]


class Api:
    """The endpoint for one who asks: a user, an app, or (both None) nobody."""

    def __init__(self, *, user: Any = None, app: Any = None) -> None:
        self._client = Client()
        self._headers: dict[str, str] = {"REMOTE_ADDR": IP}
        if user is not None:
            self._headers["HTTP_AUTHORIZATION"] = f"JWT {create_access_token(user)}"
        if app is not None:
            _token, secret = AppToken.objects.create(app=app)
            self._headers["HTTP_AUTHORIZATION"] = f"Bearer {secret}"

    def post(self, query: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """Run a query or mutation."""
        body = {"query": query, "variables": dict(variables or {})}
        response = self._client.post(
            "/graphql/", json.dumps(body), content_type="application/json", **self._headers
        )
        return _read(response)

    def upload(
        self, query: str, variables: Mapping[str, Any], *, files: Mapping[str, SimpleUploadedFile]
    ) -> Answer:
        """Run a mutation with files: path of a variable (``input.file``) → what stands there."""
        operations = json.dumps({"query": query, "variables": dict(variables)})
        parts: dict[str, Any] = {
            str(number): file for number, file in enumerate(files.values(), start=1)
        }
        places = {str(number): [f"variables.{path}"] for number, path in enumerate(files, start=1)}
        response = self._client.post(
            "/graphql/",
            {"operations": operations, "map": json.dumps(places), **parts},
            **self._headers,
        )
        return _read(response)

    def data(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data of a query that must go through."""
        answer = self.post(query, variables)
        assert answer.errors == []
        return answer.data


def _read(response: Any) -> Answer:
    text = response.content.decode()
    body = json.loads(text)
    return Answer(data=body.get("data") or {}, errors=body.get("errors") or [], text=text)


def global_id(type_name: str, pk: object) -> str:
    """Saleor's id of an object, as its API takes it."""
    return base64.b64encode(f"{type_name}:{pk}".encode()).decode()
