"""Saleor's GraphQL endpoint, as an app of the shop talks to it."""

from __future__ import annotations

import base64

from django.test import Client


class Api:
    """Every request passes Saleor's middlewares, and every hook fires as in production."""

    def __init__(self, token):
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def run(self, mutation, *, kinds, returns, **variables):
        """One of Saleor's mutations; gives back what ``returns`` asks for.

        ``kinds``: the GraphQL type of each variable. Fails the test if Saleor reports an error.
        """
        declared = ", ".join(f"${name}: {kind}" for name, kind in kinds.items())
        passed = ", ".join(f"{name}: ${name}" for name in kinds)
        document = (
            f"mutation({declared}) {{"
            f" {mutation}({passed}) {{ {returns} errors {{ field message code }} }} }}"
        )
        body = {"query": document, "variables": variables}
        answer = self._client.post("/graphql/", body, content_type="application/json").json()
        assert "errors" not in answer, answer["errors"]
        result = answer["data"][mutation]
        errors = result.pop("errors")
        assert not errors, errors
        return result


def global_id(row):
    return base64.b64encode(f"{type(row).__name__}:{row.pk}".encode()).decode()
