"""Takes away from graphsc what Windows does not have, in this process and in those that it starts; libraries keep it.

What Python itself brings along and the libraries have ways of their own on Windows. A path is written with the separator of
Windows wherever its text is made part of another.
"""

import builtins
import os
import signal
import socket
import sys
from pathlib import PurePath
from types import ModuleType
from typing import Any

MODULES = {"resource", "fcntl", "pwd", "grp", "termios", "syslog", "pty", "tty"}
MISSING = {
    os: {
        *("fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "getppid", "setsid", "killpg", "wait", "waitid"),
        *(
            "WNOHANG",
            "pread",
            "fchmod",
            "fchown",
            "chown",
            "mkfifo",
            "sysconf",
            "getloadavg",
            "uname",
            "sched_getaffinity",
        ),
    },
    signal: {
        *("SIGALRM", "SIGKILL", "SIGHUP", "SIGCHLD", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGQUIT", "ITIMER_REAL"),
        *("setitimer", "alarm", "pthread_kill", "pthread_sigmask", "sigwait", "pause"),
    },
    socket: {"AF_UNIX", "send_fds", "recv_fds"},
}


def _asks(frame: Any) -> bool:
    return bool(frame.f_globals.get("__name__", "").partition(".")[0] == "graphsc")


class Without(ModuleType):
    def __getattribute__(self, name: str) -> object:
        if name in ModuleType.__getattribute__(self, "__dict__")["_missing"] and _asks(sys._getframe(1)):
            raise AttributeError(name)
        return ModuleType.__getattribute__(self, name)


for module, names in MISSING.items():
    module._missing = names  # type: ignore[attr-defined]
    module.__class__ = Without

whole = builtins.__import__


def importing(name: str, *rest: Any, **named: Any) -> Any:
    asks = rest[0] if rest else named.get("globals")
    if name in MODULES and asks and str(asks.get("__name__")).partition(".")[0] == "graphsc":
        raise ModuleNotFoundError(name)
    return whole(name, *rest, **named)


builtins.__import__ = importing  # type: ignore[assignment]


def listening(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"os.fork", "os.forkpty"}:
        raise AttributeError(event)
    if event in {"open", "os.listdir", "os.scandir"} and str(arguments[0]).startswith("/proc"):
        frame = sys._getframe(1)
        while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] not in {"graphsc", "psutil"}:
            frame = frame.f_back  # type: ignore[assignment]
        if frame is not None and _asks(frame):
            raise FileNotFoundError(arguments[0])


if os.name != "nt":
    sys.addaudithook(listening)
    PurePath.__format__ = lambda path, _: str(path).replace("/", "\\")  # type: ignore[method-assign]
