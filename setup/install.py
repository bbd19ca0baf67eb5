"""Puts the packages of one lock file into .venv, if they are not there yet.

Standard library only: it runs before anything is installed. `.venv/installed` remembers
the checksum of every lock file whose packages are in place."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

VENV = Path(".venv")
PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / "installed"
# Each holds everything that the one before it holds.
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-e2e.lock"]

NO_PIP = (
    "Midtveis cannot install its packages: this Python has neither pip nor ensurepip. "
    "Install pip (Debian, Ubuntu: apt install python3-venv) or uv, and try again."
)


def main() -> int:
    lock = sys.argv[1]
    if is_usable() and checksum(lock) in remembered():
        return 0
    print("Installing the packages that Midtveis needs into .venv …", flush=True)
    if not is_usable():
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV], check=True
        )
    STAMP.unlink(missing_ok=True)
    return install(lock)


def is_usable() -> bool:
    """Does the environment's Python start? Not after a move or an upgrade of Python."""
    return Path(PYTHON).exists() and succeeds(PYTHON, "-c", "")


def succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install(lock: str) -> int:
    arguments = ["--quiet", "--require-hashes", "-r", lock]
    if not (with_uv(arguments) or with_pip(arguments)):
        return 1
    included = LOCKS[: LOCKS.index(lock) + 1]
    STAMP.write_text("".join(f"{checksum(each)}\n" for each in included))
    return 0


def with_uv(arguments: list[str]) -> bool:
    """Quicker where it is at hand. It knows nothing of pip's configuration, so that it
    may fail where pip does not: its complaints are no news."""
    uv = shutil.which("uv")
    return uv is not None and succeeds(
        uv, "pip", "install", "--python", PYTHON, *arguments
    )


def with_pip(arguments: list[str]) -> bool:
    """By the environment's own pip or, where ensurepip is missing, one outside it."""
    if has_pip(PYTHON) or succeeds(PYTHON, "-m", "ensurepip"):
        pip = [PYTHON, "-m", "pip"]
    elif has_pip(sys.executable):
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    else:
        print(NO_PIP, file=sys.stderr)
        return False
    return subprocess.run([*pip, "install", *arguments], check=False).returncode == 0


def has_pip(python: str) -> bool:
    return succeeds(python, "-m", "pip", "--version")


def checksum(lock: str) -> str:
    return f"{hashlib.sha256(Path(lock).read_bytes()).hexdigest()}  {lock}"


def remembered() -> list[str]:
    return STAMP.read_text().splitlines() if STAMP.exists() else []


if __name__ == "__main__":
    os.environ |= {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "UV_SYSTEM_CERTS": "1",
    }
    sys.exit(main())
