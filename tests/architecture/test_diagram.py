"""The drawn pages are fresh; the code keeps the promises that a table cannot show."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from workflows.choices import Verb
from workflows.management.commands.draw_lifecycle import BEGIN, END, pages
from workflows.models import Case
from workflows.policies import POLICIES

APPS = ("config", "register", "workflows", "notifications")
# The proxy, the doorway and what it calls: where state and head may be written.
WRITERS = {"workflows/services/moving.py", "workflows/services/recording.py"}
GUARDED = {"state", "risk", "head_seq", "head_hash", "last_event_at"}
BULK_WRITES = {"update", "bulk_update", "bulk_create", "update_or_create", "delete"}


def sources() -> list[Path]:
    return [
        path
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts
    ]


@pytest.mark.parametrize("page", sorted(pages()), ids=lambda path: path.name)
def test_the_drawn_page_is_fresh(page):
    assert page.read_text(encoding="utf-8") == pages()[page], "run `make diagram`"


@pytest.mark.parametrize("page", sorted(pages()), ids=lambda path: path.name)
def test_a_page_holds_its_drawing_between_the_marks(page):
    text = page.read_text(encoding="utf-8")

    assert (text.count(BEGIN), text.count(END)) == (1, 1)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_transition_asks_the_policy_of_its_verb():
    moves = list(Case(state="draft").get_all_state_transitions())

    assert all(move.permission for move in moves)
    assert {move.custom["verb"] for move in moves} == {move.name for move in moves}
    assert {move.permission.args for move in moves} == {
        (move.custom["verb"],) for move in moves
    }


def test_every_verb_has_one_policy():
    assert set(POLICIES) == set(Verb.values)


def test_every_verb_has_a_sentence_in_the_history():
    folder = settings.BASE_DIR / "templates" / "workflows" / "events"

    parts = {"reason", "answers", "changes", "followed"}
    assert {path.stem for path in folder.glob("*.html")} - parts == set(Verb.values)


def bulk_writes(path: Path) -> set[str]:
    """Bulk writes that name what is guarded, and the manager that knows no guard."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in BULK_WRITES
    ]
    return {
        f"{path.name}:{call.lineno} {name}"
        for call in calls
        for name in GUARDED | {"_base_manager"}
        if name in {keyword.arg for keyword in call.keywords}
        or (name == "_base_manager" and name in ast.unparse(call.func))
    }


def assigned(path: Path) -> set[str]:
    """Assignments to `….state`, `….head_seq` and their kind."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        f"{path.name}:{target.lineno} {target.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for each in node.targets
        for target in ast.walk(each)
        if isinstance(target, ast.Attribute) and target.attr in GUARDED - {"risk"}
    }


def test_nobody_writes_past_the_doorway():
    walls = [
        path
        for path in sources()
        if path.relative_to(settings.BASE_DIR).parts[0] in ("register", "workflows")
        and str(path.relative_to(settings.BASE_DIR)) not in WRITERS
    ]

    assert set().union(*map(bulk_writes, walls)) == set()
    assert set().union(*map(assigned, walls)) == set()


def test_a_writer_past_the_doorway_would_be_found(tmp_path):
    culprit = tmp_path / "culprit.py"
    culprit.write_text(
        "Case.objects.filter(pk=1).update(state='approved')\n"
        "Case._base_manager.filter(pk=1).delete()\n"
        "case.head_seq, other = 3, 4\n"
    )

    assert bulk_writes(culprit) == {
        "culprit.py:1 state",
        "culprit.py:2 _base_manager",
    }
    assert assigned(culprit) == {"culprit.py:3 head_seq"}


def test_only_the_doorway_calls_a_transition():
    """Transitions are methods; outside the doorway nobody calls `case.approve()`."""
    names = {move.name for move in Case(state="draft").get_all_state_transitions()}
    calls = {
        f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "case"
    }

    assert calls == set()


def test_no_column_can_hold_what_a_person_is():
    """Never nationality, birth, religion or opinion (requirement 21)."""
    forbidden = ("national", "citizen", "birth", "religi", "ethnic", "gender", "party")
    columns = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
    }

    assert {c for c in columns if any(word in c.lower() for word in forbidden)} == set()
