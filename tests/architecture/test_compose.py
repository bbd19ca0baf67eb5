"""compose.yaml, read as the engine reads it: no engine is needed to keep it right."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {name for name, each in SERVICES.items() if each["image"] == "midtveis"}
REQUIRED = {
    "MIDTVEIS_SECRET_KEY",
    "MIDTVEIS_ALLOWED_HOSTS",
    "MIDTVEIS_SITE_URL",
    "MIDTVEIS_EMAIL_URL",
    "MIDTVEIS_EMAIL_FROM",
    "MIDTVEIS_POSTGRES_PASSWORD",
}


def test_one_image_serves_every_program_of_ours():
    assert {"migrate", "web", "worker", "beat"} == OURS
    assert set(SERVICES) - OURS == {"postgres", "valkey"}


@pytest.mark.parametrize(
    ("service", "start"),
    [
        ("migrate", "python manage.py migrate"),
        ("web", "gunicorn config.wsgi:application"),
        ("worker", "celery -A config worker"),
        ("beat", "celery -A config beat"),
    ],
)
def test_each_program_is_started_by_its_command(service, start):
    assert SERVICES[service]["command"].startswith(start)


def test_there_is_exactly_one_clock():
    clocks = [name for name in OURS if re.search(r"\bbeat\b|-B\b", command(name))]

    assert clocks == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_everything_that_stays_up_has_a_health_check():
    checks = {name: each["healthcheck"] for name, each in SERVICES.items()}

    assert checks.pop("migrate") == {"disable": True}
    assert [name for name, check in checks.items() if not check["test"]] == []


def test_programs_start_only_on_a_migrated_database_and_a_living_broker():
    expected = {
        "migrate": {"condition": "service_completed_successfully"},
        "valkey": {"condition": "service_healthy"},
    }

    assert [SERVICES[name]["depends_on"] for name in sorted(OURS - {"migrate"})] == [
        expected
    ] * 3


def test_what_must_be_secret_or_chosen_has_no_default_and_a_sentence():
    demanded = dict(re.findall(r"\$\{(\w+):\?([^}]+)\}", TEXT))

    assert set(demanded) == REQUIRED
    assert [name for name, sentence in demanded.items() if name not in sentence] == []


def test_other_variables_default_to_nothing_but_the_port_and_the_proxy():
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT))

    assert defaults.pop("MIDTVEIS_PORT") == "8000"
    assert defaults.pop("MIDTVEIS_PROXIES") == "1"  # the one that speaks TLS
    assert set(defaults.values()) == {""}


def test_required_variables_are_marked_required_in_the_example():
    blocks = (ROOT / ".env.example").read_text().split("\n\n")
    marked = {
        re.search(r"^(\w+)=", block, re.MULTILINE)[1]
        for block in blocks
        if "# (required" in block
    }

    assert marked == REQUIRED


def test_every_volume_in_use_is_a_named_one():
    used = {
        volume.split(":")[0]
        for each in SERVICES.values()
        for volume in each.get("volumes", [])
    }

    assert used == set(COMPOSE["volumes"]) == {"database", "broker", "files"}


def test_database_and_broker_are_reached_from_inside_only():
    inside = {name for name, each in SERVICES.items() if each["networks"] == ["inside"]}

    assert inside == {"postgres", "valkey"}
    assert [name for name in inside if "ports" in SERVICES[name]] == []
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_broker_keeps_what_it_was_told():
    assert "--appendonly yes --maxmemory-policy noeviction" in command("valkey")


def test_the_image_runs_as_a_user_without_rights():
    dockerfile = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line for line in dockerfile if line.startswith("USER ")]

    assert users == ["USER midtveis"]
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()
    assert [SERVICES[name]["cap_drop"] for name in sorted(OURS)] == [["ALL"]] * 4


def test_the_image_holds_every_folder_that_runs():
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "tests",
        "bench",
    }

    assert ignore[1] == "*"
    assert {f"!{app}" for app in apps} <= set(ignore)


def command(service: str) -> str:
    return SERVICES[service].get("command", "")
