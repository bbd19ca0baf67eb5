"""T64: the ways in which people try to decide their own case. Each is tried, each is
refused in its own words, and nothing is decided by it. Then one guard after the other
is taken away: the ways that it keeps end otherwise."""

import re
from itertools import count

import pytest
from django.conf import settings

from tests.journeys.own_case import doors, given, hands, parts, running
from tests.journeys.own_case.scene import WAYS, Scene, decided
from tests.journeys.own_case.twins import CAUGHT, TWINS, twin
from tests.lengths import REQUIRE_ALL
from tests.workflows.tampering import rolled_back
from workflows.services import verifying

pytestmark = pytest.mark.django_db
PAGE = settings.BASE_DIR / "docs" / "domain" / "self-approval.md"
BEGIN, END = "<!-- the ways that the tests try -->", "<!-- end of the ways -->"
DECIDES = re.compile(r"import .*\b(deciding|concluding|handling|demo|loading)\b")
TOPICS = {
    parts: "By their part in the case",
    running: "By the risk, a gate or a condition, and in what runs already",
    hands: "By other hands: deputies and accounts",
    given: "By roles and units",
    doors: "By another door, and past the services",
}


def ending(scene: Scene, name: str) -> tuple[str, bool]:
    """What they were told, and whether nothing was decided and the history holds."""
    case, before = scene.case, decided()
    with rolled_back():
        scene.decided = before
        answer = scene.go(WAYS[name].go)
        is_kept = decided() == scene.decided and not list(verifying.breaks())
    scene.case = case
    return answer, is_kept


def refused(name: str) -> tuple[str, bool]:
    return WAYS[name].answer, True


def test_nobody_decides_their_own_case(cast):
    scene = Scene(cast)

    endings = {name: ending(scene, name) for name in WAYS}

    assert endings == {name: refused(name) for name in WAYS}


@pytest.mark.parametrize("guard", TWINS)
def test_without_its_guard_a_way_ends_otherwise(cast, guard):
    """Whether no further way does is asked in `./test --all` only."""
    scene = Scene(cast)
    tried = WAYS if REQUIRE_ALL else CAUGHT[guard]

    with twin(guard):
        otherwise = {name for name in tried if ending(scene, name) != refused(name)}

    assert otherwise == CAUGHT[guard] != set()


def test_no_command_decides_but_the_demo_does_in_an_empty_database():
    """A new command that wants to is found here."""
    commands = settings.BASE_DIR.glob("*/management/commands/*.py")

    assert {path.stem for path in commands if DECIDES.search(path.read_text())} == {
        "load_demo"
    }


def listed() -> str:
    """The list of the page: who tries what, what refuses it, and what they are told."""
    number, lines = count(1), []
    for module, topic in TOPICS.items():
        lines += [f"\n## {topic}\n", "| | somebody tries | kept by | told |"]
        lines += ["|--:|---|---|---|"]
        lines += [
            f"| {next(number)} | {way.name} | {way.kept_by} | {way.answer} |"
            for way in WAYS.values()
            if way.go.__module__ == module.__name__
        ]
    return "\n".join(lines) + "\n\n"


def test_the_page_lists_exactly_these_ways():
    text = PAGE.read_text(encoding="utf-8")

    assert text.partition(BEGIN)[2].partition(END)[0] == "\n" + listed()
