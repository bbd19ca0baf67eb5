"""The real beat with a clock that ticks each second, with the task under test."""

import os

from config.celery import app

app.conf.beat_schedule = {"tick": {"task": os.environ["TEST_TICK"], "schedule": 1.0}}
