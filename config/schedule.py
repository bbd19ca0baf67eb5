"""The clock: every periodic job, when and why. Times are UTC."""

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
}
