"""Looking for what must not get out: in errors with all that hangs on them, and in logs."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator


def everything_about(error: BaseException) -> str:
    """What a log, a monitor or a person could see of an error and of what it came from."""
    texts = ["".join(traceback.format_exception(error))]
    for link in chain(error):
        texts += [str(link), repr(link), repr(link.args), repr(vars(link))]
        texts += getattr(link, "__notes__", [])
    return "\n".join(texts)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, its causes and its contexts, also those that a traceback does not show."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__]


def assert_tells_nothing(error: BaseException, secrets: Iterable[str]) -> None:
    """No secret is in an error, nor does one hang on it that holds headers or bodies."""
    text = everything_about(error)
    assert [secret for secret in secrets if secret in text] == []
    strangers = {type(link).__module__.split(".")[0] for link in chain(error)}
    assert not strangers & {"httpx", "httpcore", "h11", "json", "ssl", "socket"}
