from demo.page_visit import Page, Sight, problems

FIRST = Page("http://shop/k/1", "kim@example.com", "1", frozenset({"AAAA"}))
SECOND = Page("http://shop/k/2", "lou@example.com", "2", frozenset({"BBBB", "CCCC"}))


def _sight(page, *, before=(), after=None, answers=(200, 200)):
    return Sight(
        page=page,
        before=frozenset(before),
        after=page.sold if after is None else frozenset(after),
        answers=answers,
    )


def test_everybody_sees_what_was_sold_to_them():
    assert list(problems([_sight(FIRST), _sight(SECOND)])) == []


def test_a_code_before_the_click():
    seen = [_sight(FIRST, before={"AAAA"})]
    assert list(problems(seen)) == ["the page of order 1 shows a code before the click"]


def test_a_code_that_is_missing():
    seen = [_sight(SECOND, after={"BBBB"})]
    assert list(problems(seen)) == [
        "the page of order 2 shows 1 of the 2 keys that were sold",
    ]


def test_a_code_that_is_somebody_elses():
    seen = [_sight(FIRST, after={"AAAA", "BBBB"}), _sight(SECOND)]
    assert list(problems(seen)) == [
        "the page of order 1 shows 1 of the 1 keys that were sold",
        "kim@example.com and lou@example.com were shown the same code",
    ]


def test_a_page_that_does_not_open():
    seen = [_sight(FIRST, after=(), answers=(200, 429))]
    assert list(problems(seen)) == [
        "the page of order 1 answered 200, and 429 to the click",
        "the page of order 1 shows 0 of the 1 keys that were sold",
    ]
