"""The shop as it runs: servers, Saleor's processes, a mail server and a supplier, all on loopback."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx

from demo import processes
from demo.mail_sink import MailSink
from demo.processes import Process
from demo.supplier import DemoSupplier
from demo.wiretap import Wiretap
from devtools.embedded import servers

ROOT = Path(__file__).resolve().parent.parent

#: What is quicker here than in a shop, so that a demo need not wait for what a shop would.
_HASTE = {
    "CDKEYS_SWEEP_SECONDS": "2",
    "CDKEYS_SUPPLIER_TIMEOUT": "2",
    "CDKEYS_LEASE_SECONDS": "30",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """A running shop. ``logs`` holds what each process printed."""

    url: str
    env: dict[str, str]
    folder: Path
    logs: Path
    mails: MailSink
    supplier: DemoSupplier
    wiretap: Wiretap
    processes: list[Process]

    def check(self) -> None:
        """Raises ProcessDied if one of the shop's processes is gone."""
        for process in self.processes:
            process.check()

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py. Raises ProcessDied if it fails."""
        log = self.logs / "commands.log"
        processes.run(["-m", "demo.manage", *arguments], env=self.env, log=log)


def is_real_saleor() -> bool:
    return bool(os.environ.get("SALEOR_ROOT"))


@contextlib.contextmanager
def set_up(*, seed: int) -> Iterator[Stage]:
    """Servers, an empty migrated database and the settings; no process of Saleor runs yet.

    The settings are environment variables alone, and set in this process too.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="cdkeys-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        logs = folder / "logs"
        logs.mkdir()
        found = stack.enter_context(servers())
        redis_url = found.get("REDIS_URL") or os.environ["REDIS_URL"]
        wiretap = stack.enter_context(Wiretap(redis_url, file=folder / "redis.txt"))
        mails = stack.enter_context(MailSink())
        supplier = stack.enter_context(DemoSupplier(seed=seed))
        port = processes.free_port()
        env = _environment(found, redis_url=redis_url, port=port, mail_port=mails.port)
        os.environ.update(env)
        running: list[Process] = []
        stack.callback(lambda: [process.stop() for process in reversed(running)])
        yield Stage(
            url=f"http://127.0.0.1:{port}",
            env=env,
            folder=folder,
            logs=logs,
            mails=mails,
            supplier=supplier,
            wiretap=wiretap,
            processes=running,
        )


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


def start_processes(stage: Stage) -> None:
    """The API, two workers' worth of Celery, and beat; returns when they are ready."""
    celery = ["-m", "celery", "-A", "saleor.celeryconf:app"]
    api = _start(
        stage,
        "api",
        [
            "-m",
            "uvicorn",
            "saleor.asgi:application",
            "--host",
            "127.0.0.1",
            "--no-access-log",
            "--port",
            str(httpx.URL(stage.url).port),
            "--lifespan",
            "off",
        ],
    )
    worker = _start(stage, "worker", [*celery, "worker", "--concurrency", "2", "-l", "INFO"])
    scheduler = "django_celery_beat.schedulers:DatabaseScheduler"
    if is_real_saleor():
        scheduler = "saleor.schedulers.schedulers.DatabaseScheduler"
    schedule = ["beat", "--scheduler", scheduler, "--pidfile=", "-l", "INFO"]
    beat = _start(stage, "beat", [*celery, *schedule])
    api.wait_until(lambda: _answers(stage.url))
    worker.wait_until(lambda: worker.has_said("ready."))
    beat.wait_until(lambda: beat.has_said("beat: Starting"))


def _start(stage: Stage, name: str, arguments: list[str]) -> Process:
    process = Process(name, arguments, env=stage.env, folder=stage.logs)
    stage.processes.append(process)
    return process


def _answers(url: str) -> bool:
    try:
        answer = httpx.post(f"{url}/graphql/", json={"query": "{ __typename }"}, timeout=60)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200
