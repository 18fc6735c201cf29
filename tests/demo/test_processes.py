import os
import time

import pytest

from demo import processes
from demo.processes import Process, ProcessDied

_PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
time.sleep(600)
"""


def _start(code, folder):
    return Process("shop", ["-u", "-c", code], env=os.environ, folder=folder)


def _is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_children_end_with_the_process(tmp_path):
    process = _start(_PARENT, tmp_path)
    process.wait_until(lambda: process.has_said("child"))
    child = int(process.log.read_text().split()[1])
    assert _is_running(child)
    processes.stop([process])
    deadline = time.monotonic() + 5
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(child)


def test_who_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_ENDS_IN", 0.5)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on'); time.sleep(600)"
    process = _start(deaf, tmp_path)
    process.wait_until(lambda: process.has_said("on"))
    processes.stop([process])
    with pytest.raises(ProcessDied, match="shop ended"):
        process.check()


def test_a_process_that_ends_before_it_is_ready_is_told_with_its_last_words(tmp_path):
    process = _start("print('no such file')", tmp_path)
    with pytest.raises(ProcessDied, match="no such file"):
        process.wait_until(lambda: False)


def test_a_second_start_is_not_taken_for_the_first(tmp_path):
    first = _start("print('ready')", tmp_path)
    first.wait_until(lambda: first.has_said("ready"))
    processes.stop([first])
    second = _start("import time; time.sleep(600)", tmp_path)
    assert not second.has_said("ready")
    processes.stop([second])
