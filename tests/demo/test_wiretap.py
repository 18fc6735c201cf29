import base64
import json
import socket
import threading

import pytest

from demo.wiretap import Wiretap


def _printed(*arguments):
    """As MONITOR prints a command."""
    quoted = ['"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in arguments]
    return f"+1700000000.1 [0 127.0.0.1:4000] {' '.join(quoted)}\r\n".encode()


@pytest.fixture
def redis(tmp_path):
    """Something that answers as Redis does; yields its address, and what it is to tell."""
    told = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _address = server.accept()
            with connection:
                while not connection.recv(100).startswith(b"MONITOR"):
                    connection.sendall(b"+OK\r\n")
                connection.sendall(b"+OK\r\n")
                for line in told:
                    connection.sendall(line)

        thread = threading.Thread(target=serve)
        yield f"redis://:secret@127.0.0.1:{server.getsockname()[1]}/0", told, thread
        thread.join(5)


def _listen(redis, tmp_path, *lines):
    url, told, thread = redis
    told += lines
    thread.start()
    with Wiretap(url, file=tmp_path / "redis.txt") as wiretap:
        thread.join(5)
        wiretap._thread.join(5)
    return wiretap


def test_commands_are_read_as_they_were_sent(redis, tmp_path):
    raw = b'+1.0 [0 a] "SET" "a \\"b\\"" "\\x00\\xff\\n\\\\"\r\n'
    heard = _listen(redis, tmp_path, _printed("GET", "key"), raw)
    assert [command for command in heard.commands() if command] == [
        [b"GET", b"key"],
        [b"SET", b'a "b"', b"\x00\xff\n\\"],
    ]


def test_messages_of_celery_are_read_in_the_clear(redis, tmp_path):
    body = base64.b64encode(b'[["an id"], {}, {}]').decode()
    envelope = json.dumps({"body": body, "headers": {"task": "t"}, "properties": {}})
    lines = [_printed("LPUSH", "celery", envelope), _printed("LPUSH", "other", "1")]
    heard = _listen(redis, tmp_path, *lines)
    assert list(heard.messages()) == [{"headers": {"task": "t"}, "body": '[["an id"], {}, {}]'}]
