"""Mail without a mail server: each message a file, shown on a page (embedded mode)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage as Parsed
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid


class LocalOutbox(BaseEmailBackend):
    """Puts mails into settings.OUTBOX. A file is whole or not there; the same
    Message-ID is the same file, so a mail sent twice is kept once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for email in email_messages:
            _keep(folder, email)
        return len(email_messages)


def _keep(folder: Path, email: EmailMessage) -> None:
    content = email.message()
    identity = content["Message-ID"] or make_msgid()
    target = folder / f"{sha256(str(identity).encode()).hexdigest()[:32]}.eml"
    unfinished = target.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(content.as_bytes())
    unfinished.replace(target)


@dataclass(frozen=True)
class Kept:
    """One mail in the outbox, as a page shows it."""

    name: str
    at: datetime
    recipient: str
    subject: str
    text: str
    html: str


def kept_mails() -> list[Path]:
    """The files, newest first."""
    files = Path(settings.OUTBOX).glob("*.eml")
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name))[::-1]


def read(path: Path) -> Kept:
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    return Kept(
        name=path.stem,
        at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
        recipient=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
    )


def find(name: str) -> Kept | None:
    """The mail of this name; only files of the outbox have one."""
    return next((read(path) for path in kept_mails() if path.stem == name), None)


def _part(mail: Parsed, subtype: str) -> str:
    part = mail.get_body((subtype,))
    return part.get_content() if part else ""
