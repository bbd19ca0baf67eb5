"""The last one out. Reads lines from standard input, each naming all process groups
that are alive now; when the writer is gone, however it went, ends the groups of the
last line. A program of its own, so that it outlives a supervisor that is killed."""

import os
import signal
import sys
import time
from collections.abc import Iterable

PATIENCE = 3.0  # seconds between the polite signal and the one nobody can refuse


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        groups = [int(word) for word in line.split()]
    end(groups)


def end(groups: Iterable[int]) -> None:
    """Ask every group to stop, wait a little, then stop what is left."""
    left = send(signal.SIGTERM, groups)
    deadline = time.monotonic() + PATIENCE
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = send(0, left)
    send(signal.SIGKILL, left)


def send(number: int, groups: Iterable[int]) -> list[int]:
    """Signal each group and return those that were there to hear it."""
    heard = []
    for group in groups:
        try:
            os.killpg(group, number)
        except OSError:
            continue
        heard.append(group)
    return heard


if __name__ == "__main__":
    main()
