"""The plug board: settings, addresses and the clock. Nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
