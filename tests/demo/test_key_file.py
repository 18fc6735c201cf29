from collections import Counter

from demo import key_file, shop


def test_a_file_as_german_excel_saves_it(tmp_path):
    path = tmp_path / "keys.csv"
    codes = key_file.write_german(path, Counter({shop.NEON: 3, shop.ASH: 2}))
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert lines[0] == '"Artikelnummer";"Produktschlüssel";"Einkaufspreis";"Währung";"Notiz"'
    assert len(lines) == 1 + 5 + 3 + 1
    assert {sku: len(set(each)) for sku, each in codes.items()} == {
        "NEON-DRIFT": 3,
        "SALT-AND-ASH": 2,
    }
    assert all(code in raw.decode("utf-8-sig") for each in codes.values() for code in each)


def test_a_file_with_a_code_per_line(tmp_path):
    path = tmp_path / "keys.txt"
    codes = key_file.write_plain(path, Counter({shop.LANTERN: 2}))
    assert path.read_text(encoding="utf-16").split() == codes["LAST-LANTERN"]
