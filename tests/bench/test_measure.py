"""What pairs come to, and when a target is met."""

from __future__ import annotations

import pytest

from bench.measure import Target, alone, paired


def test_ratios_are_compared_pair_by_pair():
    # The machine was busy during the second pair; each side's own median would give 0.9.
    found = paired("x", "keys/s", [(50, 100), (9, 30), (45, 50)], Target(at_least=0.5))

    assert (found.ours, found.reference) == (45, 50)
    assert (found.lowest, found.ratio, found.highest) == (0.3, 0.5, 0.9)
    assert found.is_met


@pytest.mark.parametrize(
    ("target", "value", "is_met"),
    [
        (Target(at_least=0.5), 0.5, True),
        (Target(at_least=0.5), 0.49, False),
        (Target(at_most=150), 150, True),
        (Target(at_most=150), 151, False),
        (Target(at_most=0), 1, False),
        (Target(), 1e9, True),
    ],
)
def test_a_value_alone_is_judged_by_itself(target, value, is_met):
    assert alone("x", "MB", value, target).is_met is is_met


def test_json_says_the_target_and_whether_it_was_met():
    found = paired("x", "ms", [(3, 2)], Target(at_most=1.25)).as_json()

    assert (found["ratio"], found["target"], found["is_met"]) == (1.5, "≤ 1.25", False)
