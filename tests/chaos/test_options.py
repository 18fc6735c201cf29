"""What may be said on the command line of the chaos run, and how to say it again."""

from __future__ import annotations

import pytest

from chaos import options


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("--seed 7", "--orders 10000 --seed 7 --workers 8"),
        ("--quick --seed 7 --workers 2 --calm", "--orders 200 --seed 7 --workers 2 --calm"),
        (
            "--orders 5 --seed 0 --bad 0 --deaths 0.3 --suppliers g2a sandbox --without-journal",
            "--orders 5 --seed 0 --workers 8 --bad 0 --deaths 0.3 --suppliers g2a sandbox "
            "--without-journal",
        ),
    ],
)
def test_a_run_can_be_asked_for_again(said, again):
    given = options.read(said.split())

    assert given.command_line == again
    assert options.read(again.split()) == given


def test_a_seed_that_was_not_given_is_drawn():
    drawn = {options.read([]).seed for _time in range(20)}

    assert len(drawn) > 1


@pytest.mark.parametrize("said", ["--orders 0", "--bad 1.5", "--suppliers steam"])
def test_what_makes_no_sense_is_refused(said, capsys):
    with pytest.raises(SystemExit) as ended:
        options.read(said.split())

    assert ended.value.code == 2
    assert said.split()[0] in capsys.readouterr().err
