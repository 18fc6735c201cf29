import itertools

import pytest

from saleor_cdkeys.orders import states
from saleor_cdkeys.statuses import KeyOrderStatus as S

ALLOWED = {
    (S.PENDING, S.PROCESSING),
    (S.PENDING, S.WAITING),
    (S.PENDING, S.FULFILLED),
    (S.PROCESSING, S.FULFILLED),
    (S.PROCESSING, S.WAITING),
    (S.PROCESSING, S.FAILED),
    (S.WAITING, S.PROCESSING),
    (S.WAITING, S.FULFILLED),
    (S.FAILED, S.PROCESSING),
    (S.FAILED, S.FULFILLED),
    (S.FULFILLED, S.DELIVERED),
} | {
    (status, end)
    for status in S
    if status not in (S.REFUNDED, S.CANCELED)
    for end in (S.REFUNDED, S.CANCELED)
}


@pytest.mark.parametrize(("from_status", "to_status"), list(itertools.product(S, S)))
def test_every_pair_of_statuses(from_status, to_status):
    allowed = states.is_allowed(from_status=from_status, to_status=to_status)
    assert allowed is ((from_status, to_status) in ALLOWED)


def test_every_status_can_be_reached_from_pending():
    reached, frontier = {S.PENDING}, [S.PENDING]
    while frontier:
        for status in states.MOVES[frontier.pop()] - reached:
            reached.add(status)
            frontier.append(status)
    assert reached == set(S)


def test_a_refusal_says_what_is_possible():
    assert "final" in states.why_not(from_status=S.CANCELED, to_status=S.PENDING)
    assert "delivered" in states.why_not(from_status=S.FULFILLED, to_status=S.WAITING)
