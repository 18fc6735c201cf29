"""The shop as it runs: servers, Saleor's processes, mail server and suppliers, all on loopback."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from demo import processes
from demo.errors import DemoFailed
from demo.mail_sink import MailSink
from demo.processes import Process
from demo.supplier import DemoSupplier
from demo.wiretap import Wiretap
from devtools.embedded import servers

#: What is quicker here than in a shop, so that a demo need not wait for what a shop would.
_HASTE = {
    "CDKEYS_LOOKUP_SECONDS": "1",
    "CDKEYS_PAUSE_SECONDS": "3",
    "CDKEYS_QUIET_SECONDS": "3",
    "CDKEYS_SUPPLIER_TIMEOUT": "2",
    "CDKEYS_SWEEP_SECONDS": "4",
}
_WORKERS = 4
_API_PROCESSES = 2
#: What commands answer that were ended by Ctrl-C.
_INTERRUPTED = 130
#: What does the shop's work; the API only takes orders and shows pages.
_BACKSTAGE = ("worker", "beat")


class CommandFailed(DemoFailed):
    """A command of manage.py that failed."""


@dataclasses.dataclass(slots=True)
class Stage:
    """A running shop. ``logs`` holds what each process printed, and stays if ``keep_logs``."""

    url: str
    env: dict[str, str]
    folder: Path
    logs: Path
    mails: MailSink
    suppliers: list[DemoSupplier]
    wiretap: Wiretap
    processes: list[Process]
    keep_logs: bool = False

    def check(self) -> None:
        """Raises ProcessDied if one of the shop's processes is gone."""
        for process in self.processes:
            process.check()

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py; in this process, as Saleor takes its time to start.

        What it prints goes to a file. Raises CommandFailed.
        """
        from django.core.management import CommandError, call_command

        with (
            (self.logs / "commands.log").open("a") as log,
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
        ):
            try:
                call_command(*arguments)
            except CommandError as error:
                if error.returncode == _INTERRUPTED:
                    raise KeyboardInterrupt from error
                raise CommandFailed(f"{' '.join(arguments)}: {error}") from error

    def log_files(self) -> list[Path]:
        """What the processes printed, and PostgreSQL's own log where it is one of ours."""
        found = sorted(self.logs.iterdir())
        address = parse_qs(urlsplit(self.env["DATABASE_URL"]).query)
        for folder in address.get("host", []):
            found += [path for path in (Path(folder, "log"),) if path.is_file()]
        return found


def is_real_saleor() -> bool:
    return bool(os.environ.get("SALEOR_ROOT"))


@contextlib.contextmanager
def set_up(*, suppliers: Iterable[DemoSupplier]) -> Iterator[Stage]:
    """Servers, an empty database and the settings; no process of Saleor runs yet.

    The settings are environment variables alone, and set in this process too.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="cdkeys-demo-"))
        stages: list[Stage] = []
        stack.callback(lambda: _tidy(folder, keep_logs=any(each.keep_logs for each in stages)))
        logs = folder / "logs"
        logs.mkdir()
        found = stack.enter_context(servers())
        redis_url = found.get("REDIS_URL") or os.environ["REDIS_URL"]
        wiretap = stack.enter_context(Wiretap(redis_url, file=folder / "redis.txt"))
        mails = stack.enter_context(MailSink())
        open_suppliers = [stack.enter_context(supplier) for supplier in suppliers]
        port = processes.free_port()
        env = _environment(found, redis_url=redis_url, port=port, mail_port=mails.port)
        os.environ.update(env)
        running: list[Process] = []
        stack.callback(lambda: processes.stop(running))
        stages.append(
            Stage(
                url=f"http://127.0.0.1:{port}",
                env=env,
                folder=folder,
                logs=logs,
                mails=mails,
                suppliers=open_suppliers,
                wiretap=wiretap,
                processes=running,
            )
        )
        yield stages[0]


def _tidy(folder: Path, *, keep_logs: bool) -> None:
    """Remove what the demo wrote: all of it, or all but the logs."""
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    if not keep_logs:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(
    found: dict[str, str], *, redis_url: str, port: int, mail_port: int
) -> dict[str, str]:
    address = f"127.0.0.1:{port}"
    return {
        **os.environ,
        **found,
        **_HASTE,
        "DJANGO_SETTINGS_MODULE": "saleor.settings",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "CDKEYS_ENCRYPTION_KEYS": f"index:{_encryption_key()},demo:{_encryption_key()}",
        "CELERY_BROKER_URL": redis_url,
        "CACHE_URL": redis_url,
        "PUBLIC_URL": f"http://{address}/",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "ALLOWED_CLIENT_HOSTS": "127.0.0.1,localhost",
        "USER_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DEFAULT_FROM_EMAIL": "shop@example.com",
        "SEND_USAGE_TELEMETRY": "False",
    }


def _encryption_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def enter_django(stage: Stage) -> None:
    """Set Django up in this process. What is logged here goes to a file, as everywhere else."""
    logging.basicConfig(filename=stage.logs / "demo.log", level=logging.INFO, force=True)
    logging.captureWarnings(True)
    import django
    from django.conf import settings

    settings.LOGGING_CONFIG = None
    django.setup()


def start_processes(stage: Stage) -> None:
    """Saleor's API, Celery's workers and beat; returns when they are ready. Raises ProcessDied."""
    listen = ["--host", "127.0.0.1", "--port", str(httpx.URL(stage.url).port)]
    options = [*listen, "--workers", str(_API_PROCESSES), "--no-access-log", "--lifespan", "off"]
    # Workers keep their connections; the API, which is asynchronous, shares some.
    arguments = ["-m", "uvicorn", "saleor.asgi:application", *options]
    api = _start(stage, "api", arguments, DB_POOL_SIZE="8")
    start_workers(stage)
    api.wait_until(lambda: _answers(stage.url))


def start_workers(stage: Stage) -> None:
    """Celery's workers and its beat; returns when they are ready. Raises ProcessDied."""
    celery = ["-m", "celery", "-A", "saleor.celeryconf:app"]
    scheduler = "django_celery_beat.schedulers:DatabaseScheduler"
    if is_real_saleor():
        scheduler = "saleor.schedulers.schedulers.DatabaseScheduler"
    schedule = ["beat", "--scheduler", scheduler, "--pidfile=", "-l", "INFO"]
    beat = _start(stage, "beat", [*celery, *schedule])
    options = ["--concurrency", str(_WORKERS), "-l", "INFO"]
    keeping = {"DB_CONN_MAX_AGE": "60"}
    worker = _start(stage, "worker", [*celery, "worker", *options], **keeping)
    worker.wait_until(lambda: worker.has_said("ready."))
    beat.wait_until(lambda: beat.has_said("beat: Starting"))


def stop_workers(stage: Stage) -> None:
    """Let Celery's workers finish what they are at, and end; orders and pages work on."""
    ending = [each for each in stage.processes if each.name in _BACKSTAGE]
    processes.stop(ending)
    stage.processes[:] = [each for each in stage.processes if each not in ending]


def _start(stage: Stage, name: str, arguments: list[str], **env: str) -> Process:
    process = Process(name, arguments, env=stage.env | env, folder=stage.logs)
    stage.processes.append(process)
    return process


def _answers(url: str) -> bool:
    try:
        answer = httpx.post(f"{url}/graphql/", json={"query": "{ __typename }"}, timeout=60)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200
