"""The clock: every periodic job, when and why. Times are UTC."""

from celery.schedules import crontab

SCHEDULE = {
    # What is due and not yet told? Losing the broker costs one tick, never a message.
    "sweep": {
        "task": "notifications.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # A review whose day has come is opened, so that nobody has to remember it.
    "open-due-reviews": {
        "task": "workflows.tasks.open_due_reviews",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    # Whoever leaves today signs in no more; asked each hour, so that a day begins soon.
    "close-accounts": {
        "task": "register.tasks.close_accounts",
        "schedule": crontab(minute="5"),
    },
    # Sessions that ran out, and what strangers left in them.
    "clear-sessions": {
        "task": "register.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="30"),
    },
}
