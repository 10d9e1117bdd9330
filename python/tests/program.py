"""A program of the contract as a test sees it: a child process, lines in, lines out."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

Record = dict[str, Any]
PYTHON = Path(__file__).parent.parent
# Nothing here takes a second; a reply that takes longer is missing.
PATIENCE_S = 10.0


class Program:
    """``python -m userservice.STACK ROLE``. Replies wait by id until a test asks for them, marks in their order."""

    def __init__(self, stack: str, role: str) -> None:
        self.process = start(stack, role)
        self.marks: queue.Queue[Record] = queue.Queue()
        self._replies: dict[str, Record] = {}
        self._came = threading.Condition()
        self._ids = itertools.count(1)
        assert self.process.stdout
        self.ready = json.loads(self.process.stdout.readline())
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, kind: str, **keys: Any) -> Record:
        return self.reply(self.send(kind, **keys))

    def send(self, kind: str, **keys: Any) -> str:
        request_id = str(next(self._ids))
        self.write(json.dumps({"type": kind, "id": request_id, **keys}))
        return request_id

    def release(self, call_id: str, mark: str) -> None:
        self.write(json.dumps({"type": "release", "call_id": call_id, "mark": mark}))

    def write(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def reply(self, request_id: str) -> Record:
        """The reply without its id."""
        with self._came:
            assert self._came.wait_for(lambda: request_id in self._replies, PATIENCE_S), f"no reply to {request_id}"
            reply = self._replies.pop(request_id)
        del reply["id"]
        return reply

    def close(self) -> int:
        assert self.process.stdin
        self.process.stdin.close()
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            record = json.loads(line)
            if record["type"] == "mark":
                self.marks.put(record)
                continue
            with self._came:
                self._replies[record["id"]] = record
                self._came.notify_all()


def start(stack: str, *arguments: str, stderr: Any = subprocess.DEVNULL) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{PYTHON}:{PYTHON / 'gen'}"}
    command = [sys.executable, "-m", f"userservice.{stack}", *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment
    )
