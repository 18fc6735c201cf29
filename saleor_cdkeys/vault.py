"""Sealing, opening and fingerprinting of codes and credentials.

``CDKEYS_ENCRYPTION_KEYS`` is a comma-separated list of ``id:key`` entries, each key 32 random bytes
in base64url. The entry named ``index`` makes the fingerprints and never changes, or duplicates
would no longer be found; of the others the first seals and all open, so a new key is rotated in by
putting it first. ``manage.py cdkeys_keys`` makes such a list.

Envelope: version (1 byte) · length of the key id (1 byte) · key id · nonce (12 bytes) · AES-256-GCM
ciphertext and tag. The context (table and row uid) is authenticated with it, so that a sealed value
copied to another row does not open.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
import hashlib
import hmac
import os
import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from saleor_cdkeys import conf
from saleor_cdkeys.errors import EncryptionKeyError, SealBroken
from saleor_cdkeys.values import KeyCode

INDEX_KEY_ID = "index"
_VERSION = 1
_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclasses.dataclass(frozen=True, repr=False)
class Keyring:
    """The parsed encryption keys. ``sealing_id`` names the one that new values are sealed with."""

    sealing_id: str
    ciphers: dict[str, AESGCM]
    index_key: bytes

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        name = self.sealing_id.encode()
        body = self.ciphers[self.sealing_id].encrypt(nonce, plain, context)
        return bytes((_VERSION, len(name))) + name + nonce + body

    def open(self, sealed: bytes | memoryview, *, context: bytes) -> bytes:
        """The clear bytes.

        Raises EncryptionKeyError if the key that sealed it is gone, SealBroken if it was changed.
        """
        key_id, nonce, body = _split(sealed)
        cipher = self.ciphers.get(key_id)
        if cipher is None:
            raise EncryptionKeyError(
                f"A value was sealed with the encryption key {key_id!r}, which is not in "
                f"{conf.ENCRYPTION_KEYS}. Put that key back into the list."
            )
        try:
            return cipher.decrypt(nonce, body, context)
        except InvalidTag:
            raise SealBroken("A sealed value does not open in its row.") from None

    def fingerprint(self, identity: bytes) -> bytes:
        """32 bytes that tell whether two codes are the same, and nothing else about them."""
        return hmac.digest(self.index_key, identity, hashlib.sha256)


def _split(sealed: bytes | memoryview) -> tuple[str, bytes, bytes]:
    sealed = bytes(sealed)
    if len(sealed) < 2 + _NONCE_BYTES or sealed[0] != _VERSION:
        raise SealBroken("A sealed value has an unknown form.")
    end = 2 + sealed[1]
    # A key id is ASCII; what is not was changed, and then stands for no key that there is.
    return (
        sealed[2:end].decode("ascii", "replace"),
        sealed[end : end + _NONCE_BYTES],
        sealed[end + _NONCE_BYTES :],
    )


def sealing_key_id(sealed: bytes | memoryview) -> str:
    """The id of the encryption key that sealed this value."""
    return _split(sealed)[0]


def new_key() -> str:
    """A fresh key in the form the list takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode().rstrip("=")


def _parse_entry(entry: str) -> tuple[str, bytes]:
    key_id, colon, text = entry.strip().partition(":")
    if not colon or not key_id or len(key_id) > 32 or not key_id.isascii():
        raise EncryptionKeyError(
            f"{conf.ENCRYPTION_KEYS}: every entry must be 'id:key', separated by commas. "
            "`manage.py cdkeys_keys` prints a correct value."
        )
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise EncryptionKeyError(
            f"{conf.ENCRYPTION_KEYS}: the key {key_id!r} is not 32 bytes in base64url. "
            "`manage.py cdkeys_keys` makes a correct one."
        )
    return key_id, key


@functools.lru_cache(maxsize=4)
def parse_keys(text: str) -> Keyring:
    """Read the list of encryption keys; raises EncryptionKeyError that says what is wrong."""
    if not text.strip():
        raise EncryptionKeyError(
            f"{conf.ENCRYPTION_KEYS} is not set, so no key can be stored. Run "
            "`manage.py cdkeys_keys`, put the line it prints into the environment of Saleor and "
            "its workers, and keep a copy in a safe place: without it every stored key is lost."
        )
    keys: dict[str, bytes] = {}
    for entry in text.split(","):
        key_id, key = _parse_entry(entry)
        if key_id in keys:
            raise EncryptionKeyError(
                f"{conf.ENCRYPTION_KEYS}: the id {key_id!r} stands there twice."
            )
        keys[key_id] = key
    index_key = keys.pop(INDEX_KEY_ID, None)
    if index_key is None or not keys:
        raise EncryptionKeyError(
            f"{conf.ENCRYPTION_KEYS} needs an entry '{INDEX_KEY_ID}:…' and at least one other. "
            "`manage.py cdkeys_keys` prints both."
        )
    ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
    return Keyring(sealing_id=next(iter(keys)), ciphers=ciphers, index_key=index_key)


def keyring() -> Keyring:
    """The encryption keys of this installation."""
    return parse_keys(conf.encryption_keys_text())


def key_context(uid: uuid.UUID) -> bytes:
    """What binds a sealed code to its row in the table of keys."""
    return b"key:" + uid.bytes


def seal_code(code: KeyCode, *, uid: uuid.UUID) -> bytes:
    return keyring().seal(code.to_bytes(), context=key_context(uid))


def open_code(sealed: bytes | memoryview, *, uid: uuid.UUID) -> KeyCode:
    """The code in clear text. Only :mod:`saleor_cdkeys.delivery.reveal` may call this."""
    return KeyCode.from_bytes(keyring().open(sealed, context=key_context(uid)))


def fingerprint(code: KeyCode) -> bytes:
    return keyring().fingerprint(code.identity())


def is_known_by(
    fingerprint: bytes | memoryview, *, sealed: bytes | memoryview, uid: uuid.UUID
) -> bool:
    """Whether a stored code has this fingerprint under the index key of today.

    The code itself stays here. Raises EncryptionKeyError or SealBroken where it does not open.
    """
    code = KeyCode.from_bytes(keyring().open(sealed, context=key_context(uid)))
    return hmac.compare_digest(keyring().fingerprint(code.identity()), bytes(fingerprint))


def seal_text(text: str, *, context: bytes) -> bytes:
    """Seal credentials or an answer that may hold codes. ``context`` binds it to its row."""
    return keyring().seal(text.encode(), context=context)


def open_text(sealed: bytes | memoryview, *, context: bytes) -> str:
    return keyring().open(sealed, context=context).decode()


def seal_answer(raw: bytes, *, reference: uuid.UUID) -> bytes:
    """Seal a supplier's raw answer to the purchase with that reference."""
    return keyring().seal(raw, context=_answer_context(reference))


def open_answer(sealed: bytes | memoryview, *, reference: uuid.UUID) -> bytes:
    """A supplier's raw answer, for :mod:`saleor_cdkeys.acquisition` alone: for staff who decide a
    purchase, and for suppliers that hand out a key a single time."""
    return keyring().open(sealed, context=_answer_context(reference))


def _answer_context(reference: uuid.UUID) -> bytes:
    return b"purchase:" + reference.bytes
