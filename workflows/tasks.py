"""Celery entry points: fetch, call."""

from celery import shared_task

from register.clock import local_today
from workflows.services import reviewing


@shared_task
def open_due_reviews() -> int:
    return len(reviewing.open_due(today=local_today()))
