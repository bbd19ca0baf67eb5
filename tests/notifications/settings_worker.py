"""What a worker under test runs with: the real settings, a short lease, and tasks of
the broken twin. The environment names database, broker, mail server and queue."""

import os

from config.settings import *  # noqa: F403

EMAIL_TIMEOUT = 2
MAIL_LEASE = 4
CELERY_TASK_DEFAULT_QUEUE = os.environ["TEST_QUEUE"]
CELERY_IMPORTS = ["tests.notifications.twin"]
