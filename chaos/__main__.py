"""``./dev chaos``: see ``chaos/options.py``."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from chaos import options as read_options
from chaos.display import Display
from chaos.options import Options
from chaos.stage import Crew, Fakes, environment
from chaos.trouble import Trouble
from devtools.embedded import servers

#: Seconds without any progress after which the rest is looked at as it is: where staff are told of
#: all that is left, and otherwise.
_SHORT, _LONG = 5.0, 60.0


def main(arguments: list[str]) -> int:
    options = read_options.read(arguments)
    display = Display()
    display.begin(options)
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="cdkeys-chaos-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ.update(stack.enter_context(servers()))
        os.environ.update(environment(folder))
        fakes = stack.enter_context(Fakes(options, folder))
        os.environ["EMAIL_URL"] = fakes.mail
        _set_up_django()
        from chaos.shop import ChaosShop

        dice = random.Random(options.seed)
        shop = ChaosShop(fakes.urls, dice=dice)
        crew = stack.enter_context(Crew(options, folder))
        trouble = Trouble(
            dice=random.Random(options.seed + 1),
            kill_worker=crew.kill,
            workers=options.workers,
            database_url=os.environ["DATABASE_URL"],
            redis_url=os.environ["REDIS_URL"],
        )
        _run(options, shop, crew, trouble, display)
        crew.stop()
        _finish(display)
        fakes.stop()
        from chaos.books import audit, read_books

        found = audit(read_books(folder, options.sellers), folder=folder)
    trouble.met["workers started anew"] = crew.deaths
    display.result(options, found, trouble.met, seconds=time.monotonic() - began)
    return 1 if found.broken else 0


def _set_up_django() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        # A crash must not cost what was committed: that is the promise that all others rest on.
        cursor.execute("ALTER SYSTEM SET synchronous_commit = on")
        cursor.execute("SELECT pg_reload_conf()")


def _run(options: Options, shop: object, crew: Crew, trouble: Trouble, display: Display) -> None:
    """Let orders come in, and go on until all are done or nothing moves any more."""
    from chaos.progress import Progress

    progress = Progress()
    placed = 0
    moved, state = time.monotonic(), None
    while True:
        if options.has_trouble:
            trouble.stir()
        crew.revive()
        for _order in range(20):
            if placed < options.orders and progress.backlog < 400:
                placed += progress.survive(shop.place)
        progress.look()
        progress.let_time_pass()
        display.progress(placed, options.orders, progress, trouble.met)
        if progress.state != state:
            moved, state = time.monotonic(), progress.state
        patience = _LONG if progress.backlog > progress.told else _SHORT if progress.told else 0.0
        if placed == options.orders and time.monotonic() - moved > patience:
            return
        time.sleep(0.2)


def _finish(display: Display) -> None:
    """Calm at last: no worker dies any more, and what is left over is done in this process."""
    from chaos.progress import work_off

    display.say("working off what the killed left behind")
    work_off()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
