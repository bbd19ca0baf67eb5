"""Celery entry points: fetch by id, call a service, decide on retry."""

from celery import shared_task


@shared_task
def sweep() -> None:
    """What is due and not yet told?"""
