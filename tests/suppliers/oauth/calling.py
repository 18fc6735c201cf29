"""Calls with an access token, and what was asked for them."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager

from saleor_cdkeys.suppliers.http import SupplierClient
from saleor_cdkeys.suppliers.oauth import BearerClient, Tokens
from tests.suppliers.wire import Wire, answer

SECRET = "secret-0815"
OK = answer(b'{"fine": true}')
NO = answer(b'{"error": "invalid_token"}', "401 Unauthorized")


def token_told(value: str = "tok-1", **told):
    body = {"access_token": value, "token_type": "bearer", "expires_in": 1158, **told}
    return answer(json.dumps(body).encode())


@contextmanager
def opened(wire: Wire, *, account: str = "a1", secret: str = SECRET, rates=()):
    client = SupplierClient(base_url=wire.url, headers={}, account=account)
    form = {"grant_type": "client_credentials", "client_id": "c ü", "client_secret": secret}
    tokens = Tokens(
        client,
        account=account,
        path="/oauth/token",
        form=form,
        credentials=(wire.url, "c ü", secret),
        rates=rates,
    )
    with closing(BearerClient(client, tokens)) as api:
        yield api


def read(wire: Wire, **options):
    with opened(wire, **options) as api:
        return api.read("/things").body


def buy(api: BearerClient):
    return api.buy("/orders", body={"n": 1}, keep=lambda _raw: None).body


def calls_of(wire: Wire) -> list[str]:
    """What was asked: the path, and with which token."""
    told = []
    for request in wire.requests:
        lines = request.decode().split("\r\n")
        given = [line.split(" ")[-1] for line in lines if line.lower().startswith("authoriz")]
        told.append(" ".join([lines[0].split(" ")[1], *given]))
    return told
