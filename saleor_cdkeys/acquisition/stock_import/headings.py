"""What the columns of a file may be called, in English, German and Polish."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class Role(StrEnum):
    """What a column holds."""

    SKU = "sku"
    CODE = "code"
    PIN = "pin"
    USER = "user"
    PASSWORD = "password"  # noqa: S105 - a heading
    COST = "cost"
    CURRENCY = "currency"


#: What a customer gets, in the order in which it is shown.
CODE_ROLES = (Role.CODE, Role.PIN, Role.USER, Role.PASSWORD)

_WORDS: dict[Role, str] = {
    Role.SKU: """
        sku; product sku; variant sku; item number; article number; part number;
        Artikelnummer; Artikelnr; Art-Nr; Variante SKU;
        numer artykułu; nr artykułu; symbol; indeks
    """,
    Role.CODE: """
        code; codes; key; keys; serial; serials; serial number; serial no; serial key; license;
        licence; license key; licence key; license code; licence code; product key; activation code;
        activation key; cd key; cd-keys; game key; game code; steam key; steam code; voucher;
        voucher code; gift code; gift card code; redeem code; redemption code; coupon code;
        Schlüssel; Schluessel; Produktschlüssel; Produktschluessel; Lizenzschlüssel;
        Lizenzschluessel; Lizenz; Aktivierungscode; Aktivierungsschlüssel; Aktivierungsschluessel;
        Freischaltcode; Seriennummer; Gutscheincode; Spielcode; Keycode;
        klucz; klucze; kod; kody; klucz produktu; klucz licencyjny; klucz aktywacyjny;
        kod aktywacyjny; kod podarunkowy; numer seryjny; nr seryjny; licencja
    """,
    Role.PIN: "pin; pin code; pin number; pin-Nummer; kod pin; numer pin",
    Role.USER: """
        user; username; user name; login; login name; account; account name;
        Benutzer; Benutzername; Nutzer; Nutzername; Anmeldename; Konto; Kontoname;
        użytkownik; nazwa użytkownika; konto; nazwa konta
    """,
    Role.PASSWORD: "password; pass; passwd; pwd; Passwort; Kennwort; hasło",
    Role.COST: """
        cost; unit cost; cost price; purchase price; buying price;
        Kosten; Einkaufspreis; EK-Preis; EK; Stückkosten;
        koszt; cena zakupu
    """,
    Role.CURRENCY: "currency; currency code; Währung; Waehrung; waluta",
}


def _plain(word: str) -> str:
    """A heading without case, accents, spaces and punctuation."""
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ł", "l"))
    return "".join(letter for letter in folded if letter.isalnum())


_ROLES: dict[str, Role] = {
    _plain(word): role for role, words in _WORDS.items() for word in words.split(";")
}


def role_of(heading: str) -> Role | None:
    """What the column under this heading holds; None if that is not known."""
    return _ROLES.get(_plain(heading))


def same_heading(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)
