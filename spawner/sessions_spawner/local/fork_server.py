"""The fork server: a process that has everything imported and forks a keeper for each session.

Run as `python -P -m sessions_spawner.local.fork_server STATE_FOLDER`. It is single-threaded,
holds no secret and never reads a byte of a launch: the forked child alone does.
"""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from . import control, keeper, linux, notes, preload, tree
from .control import Command, ControlConnection
from .keepers import Keepers

log = logging.getLogger("sessions.fork_server")

LAUNCH_SOCKET = "launch.sock"
CONTROL_SOCKET = "control.sock"
LOCK_FILE = "fork_server.lock"
IDLE_SECONDS = 60.0
SHUT_DOWN_GRACE_SECONDS = 5.0
BACKLOG = 512


class ForkServer:
    """The sockets, the loop and the commands of one state folder's fork server."""

    def __init__(self, state_folder: Path, lock: int, idle_seconds: float) -> None:
        self.state_folder = state_folder
        self.lock = lock
        self.idle_seconds = idle_seconds
        self.selector = selectors.DefaultSelector()
        self.keepers = Keepers(state_folder, self._push_exit)
        self.clients: dict[int, ControlConnection] = {}
        self.listeners: list[socket.socket] = []
        self.is_ending = False
        self.is_left = False
        self.idle_since: float | None = None
        self.fingerprint = preload.fingerprint()
        self.commands: dict[str, Command] = {
            "list": self._list,
            "poll": self._poll,
            "stop": self._stop,
            "forget": self._forget,
            "leave": self._leave,
            "retire": self._retire,
            "shut-down": self._shut_down,
        }

    def serve(self) -> None:
        """Serve until told to end, or until nobody has needed this process for a while."""
        self._watch_signals()
        for descriptor in self.keepers.adopt():
            self._watch(descriptor, partial(self._adopted_ended, descriptor))
        # The control socket last: once it answers, everything does.
        self._listen(LAUNCH_SOCKET, self._accept_launch)
        self._listen(CONTROL_SOCKET, self._accept_control)
        log.info("serving pid=%d adopted=%d", os.getpid(), len(self.keepers))
        while not self._is_done():
            for key, events in self.selector.select(self._timeout()):
                key.data(events)
        log.info("ended pid=%d", os.getpid())

    def _is_done(self) -> bool:
        if self.keepers or (self.clients and not self.is_ending):
            self.idle_since = None
            return False
        if self.idle_since is None:
            self.idle_since = time.monotonic()
        if self.is_ending or self.is_left:
            return True
        return time.monotonic() - self.idle_since >= self.idle_seconds

    def _timeout(self) -> float | None:
        due = self.keepers.kill_due()
        if due is not None:
            return max(0.0, due - time.monotonic())
        if self.idle_since is not None:
            return max(0.0, self.idle_since + self.idle_seconds - time.monotonic())
        return None

    def _watch(self, descriptor: int, handle: Callable[[int], None]) -> None:
        self.selector.register(descriptor, selectors.EVENT_READ, handle)

    def _watch_signals(self) -> None:
        self.wakeup_reader, self.wakeup_writer = socket.socketpair()
        for end in (self.wakeup_reader, self.wakeup_writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self.wakeup_writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._watch(self.wakeup_reader.fileno(), self._signalled)

    def _signalled(self, _events: int) -> None:
        numbers = self.wakeup_reader.recv(4096)
        if signal.SIGCHLD in numbers:
            self.keepers.reap()
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self._shut_down({})

    def _adopted_ended(self, descriptor: int, _events: int) -> None:
        self.selector.unregister(descriptor)
        self.keepers.take_adopted(descriptor)

    def _listen(self, name: str, accept: Callable[[socket.socket], None]) -> None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        (self.state_folder / name).unlink(missing_ok=True)
        listener.bind(socket_address(self.state_folder, name))
        (self.state_folder / name).chmod(0o600)
        listener.listen(BACKLOG)
        listener.setblocking(False)
        self.listeners.append(listener)
        self._watch(listener.fileno(), lambda _events: self._accept(listener, accept))

    def _accept(self, listener: socket.socket, accept: Callable[[socket.socket], None]) -> None:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        try:
            if self._may_ask(connection):
                accept(connection)
            else:
                connection.close()
        except OSError as error:
            log.warning("connection refused error=%s", error)
            connection.close()

    def _may_ask(self, connection: socket.socket) -> bool:
        """Only our own user may, and none of the sessions that run as this user."""
        pid, uid = linux.peer_of(connection)
        if uid != os.geteuid() or tree.is_below(pid, os.getpid()) or self._is_adopted(pid):
            log.warning("peer refused pid=%d uid=%d", pid, uid)
            return False
        return True

    def _is_adopted(self, pid: int) -> bool:
        adopted = [k.pid for k in self.keepers.living.values() if k.descriptor is not None]
        return any(tree.is_below(pid, keeper_pid) for keeper_pid in adopted)

    def _accept_launch(self, connection: socket.socket) -> None:
        pid, _uid = linux.peer_of(connection)
        if pid not in {client.peer for client in self.clients.values()}:
            log.warning("launch refused pid=%d reason=no-control-connection", pid)
            connection.close()
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            child_pid = os.fork()
            if child_pid == 0:
                _become_keeper(connection, self.state_folder)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
        self.keepers.add(child_pid)
        connection.close()

    def _accept_control(self, connection: socket.socket) -> None:
        pid, _uid = linux.peer_of(connection)
        client = ControlConnection(connection, pid)
        self.is_left = False
        self.clients[connection.fileno()] = client
        self._watch(connection.fileno(), lambda events: self._serve_client(client, events))
        self._send(client, self._hello())

    def _hello(self) -> dict[str, object]:
        ended = [note for note in notes.read_all(self.state_folder) if note.ended]
        return {
            "event": "hello",
            "pid": os.getpid(),
            "fingerprint": self.fingerprint,
            "exits": [control.exit_fields(note) for note in ended],
        }

    def _serve_client(self, client: ControlConnection, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            client.flush()
        if client.is_open and events & selectors.EVENT_READ:
            for asked in client.read_commands():
                self._send(client, control.answer(self.commands, asked))
        self._after(client)

    def _send(self, client: ControlConnection, fields: Mapping[str, object]) -> None:
        client.send(fields)
        self._after(client)

    def _after(self, client: ControlConnection) -> None:
        descriptor = client.socket.fileno()
        if descriptor not in self.clients:
            return
        if not client.is_open:
            self.selector.unregister(descriptor)
            del self.clients[descriptor]
            client.socket.close()
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.has_to_write else 0)
        key = self.selector.get_key(descriptor)
        if key.events != wanted:
            self.selector.modify(descriptor, wanted, key.data)

    def _push_exit(self, note: notes.Note) -> None:
        for client in list(self.clients.values()):
            self._send(client, control.exit_event(note))

    def _list(self, _asked: Mapping[str, Any]) -> dict[str, object]:
        return {"keepers": [[n.key, n.pid, n.started] for n in self.keepers.notes()]}

    def _poll(self, asked: Mapping[str, Any]) -> dict[str, object]:
        note = notes.read(self.state_folder, str(asked["key"]))
        found = self.keepers.find(note) if note is not None else None
        return {**_state_of(note), "stopping": found is not None and found.is_stopping}

    def _stop(self, asked: Mapping[str, Any]) -> dict[str, object]:
        grace = float(asked["grace"])
        note = notes.read(self.state_folder, str(asked["key"]))
        found = self.keepers.find(note) if note is not None else None
        if found is not None:
            self.keepers.stop(found, grace)
        return _state_of(note)

    def _forget(self, asked: Mapping[str, Any]) -> dict[str, object]:
        note = notes.read(self.state_folder, str(asked["key"]))
        if note is not None and note.ended:
            notes.remove(self.state_folder, note.key)
        return {}

    def _retire(self, _asked: Mapping[str, Any]) -> dict[str, object]:
        """Make room for a newer fork server; only wait for the sessions that we keep."""
        self._close_listeners()
        os.close(self.lock)
        self.is_ending = True
        return {}

    def _leave(self, _asked: Mapping[str, Any]) -> dict[str, object]:
        """End with the last session: no hub comes back soon, or it says so by connecting."""
        self.is_left = True
        return {}

    def _shut_down(self, asked: Mapping[str, Any]) -> dict[str, object]:
        self._close_listeners()
        self.is_ending = True
        grace = float(asked.get("grace", SHUT_DOWN_GRACE_SECONDS))
        for living in self.keepers.living.values():
            self.keepers.stop(living, grace)
        return {}

    def _close_listeners(self) -> None:
        while self.listeners:
            listener = self.listeners.pop()
            self.selector.unregister(listener.fileno())
            listener.close()
        for name in (LAUNCH_SOCKET, CONTROL_SOCKET):
            (self.state_folder / name).unlink(missing_ok=True)


def _state_of(note: notes.Note | None) -> dict[str, object]:
    if note is None:
        return {"alive": False, "known": False, "exit_code": None, "evidence": ""}
    return {"alive": not note.ended, "known": True, **control.exit_fields(note)}


def socket_address(state_folder: Path, name: str) -> str:
    """Answer an address that fits a unix socket's 108 bytes however deep the folder is.

    The folder's descriptor is kept open for good: one a folder and process.
    """
    descriptor = _folder_descriptors.get(state_folder)
    if descriptor is None:
        descriptor = os.open(state_folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        _folder_descriptors[state_folder] = descriptor
    return f"/proc/self/fd/{descriptor}/{name}"


_folder_descriptors: dict[Path, int] = {}


def _become_keeper(connection: socket.socket, state_folder: Path) -> None:
    """In the forked child: drop what belongs to the fork server, then keep one session."""
    try:
        signal.set_wakeup_fd(-1)
        linux.close_all_but({connection.fileno()})
        keeper.keep(connection, state_folder)
    finally:
        os._exit(1)


def try_lock(state_folder: Path) -> int | None:
    """Take the folder's lock, or answer None if another fork server holds it."""
    descriptor = os.open(state_folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _log_to_stderr() -> None:
    """Only our own logger: the root logger belongs to the sessions that will be forked."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    ours = logging.getLogger("sessions")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def main() -> int:
    """Run a fork server for the state folder named on the command line."""
    parser = argparse.ArgumentParser(prog="sessions_spawner.local.fork_server")
    parser.add_argument("state_folder", type=Path)
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    arguments = parser.parse_args()
    _log_to_stderr()
    linux.forbid_dumps()
    linux.become_subreaper()
    linux.set_name("session-forks")
    lock = try_lock(arguments.state_folder)
    if lock is None:
        return 0
    # Compiled modules that an import may write are for everybody; all later files are not.
    os.umask(0o022)
    preload.load()
    os.umask(0o077)
    ForkServer(arguments.state_folder, lock, arguments.idle_seconds).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
