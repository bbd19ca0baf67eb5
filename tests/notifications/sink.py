"""A mail server on this machine that takes what it is told to take."""

import socket
import time
from collections import Counter
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Sink:
    """Notes each mail it has accepted. `answers`: what it says, in turn, instead of
    accepting; "rcpt 550 …" is said to the recipient. `slow`: seconds a mail."""

    def __init__(self, *, slow=0.0, answers=()):
        self.slow, self.answers = slow, list(answers)
        self.mails, self.connections = [], 0
        self.controller = Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self):
        self.controller.port = free_port()
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.controller.loop.is_running():
            self.controller.stop()

    @property
    def port(self):
        return self.controller.port

    @property
    def ids(self):
        """Message-ID → how often it came."""
        return Counter(mail["Message-ID"] for mail in list(self.mails))

    async def handle_EHLO(self, server: SMTP, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content))
        if self.slow:
            time.sleep(self.slow)  # one at a time, like a real queue
        return "250 taken"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
