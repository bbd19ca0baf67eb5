"""Which processes live? Asked of the system, not of the code under test."""

import re
import time
from pathlib import Path


def processes_with(mark):
    """The living processes that carry this mark (a folder's name, say) in environment,
    command line or working folder. A child inherits the first; Valkey overwrites it."""
    folders = Path("/proc").glob("[0-9]*")
    return {int(folder.name) for folder in folders if mark in traces_of(folder)}


def traces_of(folder):
    try:
        return " ".join(
            [
                (folder / "environ").read_text(errors="replace"),
                (folder / "cmdline").read_text(errors="replace"),
                str((folder / "cwd").readlink()),
            ]
        )
    except OSError:
        return ""


def wait_until(condition, seconds=6):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def words_of(pid):
    """The words of its command line, paths cut to the last part."""
    try:
        line = (Path("/proc") / str(pid) / "cmdline").read_text()
    except OSError:
        return set()
    return {word.split("/")[-1] for word in re.split(r"[\0 ]", line)}
