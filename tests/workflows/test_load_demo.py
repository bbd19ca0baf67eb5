"""The invented university that a newcomer looks around in."""

import json
import time

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from register.models import User
from workflows.models import Case
from workflows.services.demo import loading, telling

pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture
def output(capsys):
    def run(*arguments):
        call_command("load_demo", *arguments)
        return capsys.readouterr().out

    return run


def test_it_stops_halfway_without_leaving_anything(db, monkeypatch, tmp_path):
    told = telling.story()
    told["cooperations"][-1]["title"] = " "
    path = tmp_path / "story.json"
    path.write_text(json.dumps(told))
    monkeypatch.setattr(telling, "STORY", path)

    with pytest.raises(Exception, match="title"):
        loading.load()

    assert loading.is_empty()
    assert not Case.objects.exists()


def test_the_list_is_empty_where_the_demo_is_not(db, output):
    User.objects.create_user("proposer", password="a password of their own")

    assert output("--list") == ""


def test_a_password_of_ones_own_is_used_and_listed(db, output):
    output("--password", "tulip")

    assert output("--list") == ""
    assert output("--list", "--password", "tulip").count("tulip") == 20


@override_settings(EMBEDDED=False)
def test_it_refuses_to_open_a_real_installation_with_a_known_password(db, output):
    with pytest.raises(CommandError, match="This is no trial installation"):
        call_command("load_demo")
    assert loading.is_empty()

    assert output("--force").startswith("Loaded")


def test_it_loads_within_five_seconds(db):
    begun = time.process_time()  # of this process: others may be busy

    loading.load()

    assert time.process_time() - begun < 5
