import pytest

from tests.notifications.sink import Sink


@pytest.fixture
def sink(settings):
    """A local mail server; Django's own SMTP backend talks to it."""
    with Sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running
