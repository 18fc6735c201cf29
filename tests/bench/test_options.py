"""What may be said on the command line."""

from __future__ import annotations

import pytest

from bench import options


def test_everything_is_measured_where_no_part_is_named():
    given = options.read([])

    assert given.parts == ("allocation", "import", "hooks", "mail", "buying", "lists")
    assert (given.pool, given.workers, given.rows) == (1_000_000, 8, 1_000_000)
    assert (given.orders, given.key_orders, given.rounds) == (300, 1_000_000, 5)


def test_parts_come_in_their_own_order_with_the_sizes_given():
    given = options.read(["lists", "import", "--rows", "2000", "--json"])

    assert (given.parts, given.rows, given.as_json) == (("import", "lists"), 2000, True)


def test_quick_takes_a_tenth_of_what_is_not_given():
    given = options.read(["--quick", "--pool", "5000"])

    assert (given.pool, given.rows, given.workers, given.rounds) == (5000, 100_000, 8, 3)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["speed"],
            "there is no part 'speed'; there are allocation, import, hooks, mail, buying, lists",
        ),
        (["import", "--rows", "5"], "--rows must be at least 1,000"),
        (["mail", "--orders", "4", "--rounds", "5"], "--orders must be at least --rounds"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(arguments, says, capsys):
    with pytest.raises(SystemExit) as ended:
        options.read(arguments)

    assert ended.value.code == 2
    assert says in capsys.readouterr().err
