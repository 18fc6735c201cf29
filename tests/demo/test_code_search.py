import base64
import gzip
import json

import pytest

from demo.code_search import CodeSearch

CODE = "7KXQM-2R9PD-HWZ4T"
PLAIN = "7KXQM2R9PDHWZ4T"

_AS_BYTES = CODE.encode()
FORMS = {
    "as it is": _AS_BYTES,
    "in small letters": CODE.lower().encode(),
    "without dashes": PLAIN.encode(),
    "without dashes, in small letters": PLAIN.lower().encode(),
    "in an identifier": f"code_{CODE}_".encode(),
    "between letters": f"xx{CODE}yy".encode(),
    "as JSON": json.dumps({"code": CODE}).encode(),
    "as UTF-16": CODE.encode("utf-16"),
    "over two lines": f"{CODE[:8]}\n{CODE[8:]}".encode(),
    "quoted-printable over two lines": f"{CODE[:8]}=\r\n{CODE[8:]}".encode(),
    "as hex": _AS_BYTES.hex().encode(),
    "as hex after an odd digit": b"a" + _AS_BYTES.hex().encode(),
    "as a table's bytes": b"\\\\x" + b"\x01\x02t".hex().encode() + _AS_BYTES.hex().encode(),
    "as base64": base64.b64encode(b"[[" + _AS_BYTES + b"]]"),
    "as base64 for addresses": base64.urlsafe_b64encode(b"\xff\xfe" + _AS_BYTES + b"\xff\xfe"),
    "as base64 after other letters": b"xyz" + base64.b64encode(_AS_BYTES),
    "as base64 over two lines": base64.encodebytes(b"." * 50 + _AS_BYTES),
    "as base64 in a table's bytes": base64.b64encode(_AS_BYTES).hex().encode(),
    "as UTF-16 in base64": base64.b64encode(CODE.encode("utf-16-le")),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_code_is_found_in_whatever_form(form):
    data = b"before " + FORMS[form] + b" after"
    assert CodeSearch([CODE]).found_in(data) == {PLAIN}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"7KXQM-2R9PD-HWZ4U",
        b"7KXQM-2R9PD",
        b"the last four: WZ4T",
        base64.b64encode(b"7KXQM-2R9PD-HWZ4U"),
    ],
)
def test_what_is_no_code_is_not_found(data):
    assert CodeSearch([CODE]).found_in(data) == set()


def test_several_codes_are_told_apart():
    search = CodeSearch([CODE, "SBX-0123-4567-89AB-CDEF", "AAAAA-BBBBB-CCCCC"])
    data = b"%s,%s" % (_AS_BYTES, b"sbx-0123-4567-89ab-cdef")
    assert search.found_in(data) == {PLAIN, "SBX0123456789ABCDEF"}


def test_compression_is_beyond_it():
    # Said here, so that nobody takes the search for more than it is.
    assert CodeSearch([CODE]).found_in(gzip.compress(_AS_BYTES)) == set()
