"""Everything that is written down, so that a test can say: nothing was."""

from django.apps import apps
from django.db.models import Model

Ledger = dict[str, list[tuple[object, ...]]]


def everything() -> Ledger:
    """Every row of every table of ours, many-to-many tables included."""
    models: list[type[Model]] = [
        model
        for app in ("register", "workflows", "notifications")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not model._meta.proxy
    ]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in models
    }
