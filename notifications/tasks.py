"""Celery entry points: fetch by id, call a service, decide on retry."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.models import Heartbeat
from notifications.services import announcing, delivering, reminding
from register.clock import local_today

logger = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """What is due and not yet told? Write it, and let it be sent."""
    now = timezone.now()
    announcing.catch_up(now=now)
    reminding.plan(today=local_today())
    wake()
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now})


@shared_task
def deliver() -> None:
    """Send what is due, for less than the minute until the next sweep."""
    delivering.deliver_due()


def wake() -> None:
    """Have a worker deliver. Without a broker the rows wait for the next sweep."""
    try:
        deliver.apply_async(expires=55)
    except OperationalError as error:
        logger.warning("the broker is away, messages wait for the sweep: %s", error)
