"""From a forked, empty process to a session's own program: identity, limits, environment."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pwd
import random
import signal
import site
import socket
import sys
import tempfile
import time
import traceback
from typing import NoReturn

from . import limits, linux
from .process_request import ProcessRequest, send_line

EXIT_NOT_FOUND = 127
EXIT_NOT_STARTED = 1


def become(
    request: ProcessRequest,
    nonce: str,
    listener: socket.socket | None,
    connection: socket.socket,
    session_limits: limits.Limits,
) -> NoReturn:
    """Turn this process into the session's program; never return.

    Called in a fresh child of the keeper with all signals blocked. What goes wrong is written
    to the session's log, which standard output and error already lead to.
    """
    code = EXIT_NOT_STARTED
    try:
        _leave_keeper(session_limits)
        _take_identity(request)
        _take_environment(request)
        if request.executable is not None:
            connection.close()
            _execute((*request.executable, *request.argv))
        code = _serve(request, nonce, listener, connection)
    except SystemExit as exit_request:
        code = exit_request.code if isinstance(exit_request.code, int) else EXIT_NOT_STARTED
    except OSError as error:
        print(f"The session could not be started: {error}", file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _leave_keeper(session_limits: limits.Limits) -> None:
    os.setpgid(0, 0)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if signal.getsignal(number) is not None:
            signal.signal(number, signal.SIG_DFL)
    limits.enter(session_limits)


def _take_identity(request: ProcessRequest) -> None:
    keeper = os.getppid()
    if request.user is not None:
        account = pwd.getpwnam(request.user)
        if account.pw_uid == 0:
            sys.exit("A session never runs as root by name.")
        os.fchown(sys.stdout.fileno(), account.pw_uid, account.pw_gid)
        os.initgroups(account.pw_name, account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        linux.forbid_new_privileges()
    # After the change of user, which would undo both.
    linux.forbid_dumps()
    linux.die_with_parent(signal.SIGKILL)
    if os.getppid() != keeper:
        os._exit(EXIT_NOT_STARTED)


def _take_environment(request: ProcessRequest) -> None:
    os.environ.clear()
    os.environ.update(request.env)
    os.environ["SESSIONS_KEEPER"] = str(os.getppid())  # above all of this session's processes
    os.umask(request.umask)
    os.chdir(request.cwd)
    time.tzset()
    _take_fresh_secrets()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _take_fresh_secrets() -> None:
    """Draw again what every fork of one process would have in common."""
    random.seed()
    tempfile.tempdir = None  # TMPDIR may differ
    multiprocessing.current_process().authkey = os.urandom(32)


def _execute(argv: tuple[str, ...]) -> NoReturn:
    try:
        os.execvp(argv[0], argv)
    except FileNotFoundError:
        print(f"There is no program {argv[0]} here.", file=sys.stderr)
    except OSError as error:
        print(f"The program {argv[0]} cannot be started: {error.strerror}.", file=sys.stderr)
    sys.exit(EXIT_NOT_FOUND)


def _serve(
    request: ProcessRequest,
    nonce: str,
    listener: socket.socket | None,
    connection: socket.socket,
) -> int:
    linux.set_name("jupyter-session")
    # As a Python that was started by a shell has them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.argv = ["jupyterhub-singleuser", *request.argv]
    _find_user_site()
    gc.enable()
    from . import passed_socket

    def prove_ready() -> None:
        try:
            send_line(connection, {"ready": nonce})
        except OSError:
            print("Nobody waits for this session any more.", file=sys.stderr)
        connection.close()

    if listener is None:
        print("No listening socket was passed to this session.", file=sys.stderr)
        return EXIT_NOT_STARTED
    return passed_socket.serve(listener, request.argv, prove_ready)


def _find_user_site() -> None:
    """Look for the user's own packages again, now that HOME is the user's."""
    if site.ENABLE_USER_SITE:
        site.USER_BASE = site.USER_SITE = None
        site.addusersitepackages(set(sys.path))
