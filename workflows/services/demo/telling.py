"""The story, as it is told in `workflows/demo/fjordheim.json`."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from register.clock import local_today
from register.models import Partner, Unit, User

STORY = Path(__file__).resolve().parents[2] / "demo" / "fjordheim.json"


@dataclass
class Cast:
    """Who and what the story speaks of, by the names it uses."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)


def story() -> dict[str, Any]:
    return json.loads(STORY.read_text(encoding="utf-8"))


def day_from_now(days: int) -> date:
    return local_today() + timedelta(days=days)
