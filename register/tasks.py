"""Celery entry points."""

from celery import shared_task
from django.core.management import call_command

from register.clock import local_today
from register.services import leaving


@shared_task
def close_accounts() -> None:
    leaving.close_accounts(today=local_today())


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")
