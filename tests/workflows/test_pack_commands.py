"""Question packs from the command line: checked, out, and in."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.workflows import packing as p
from workflows.models import Catalogue
from workflows.services import catalogue

# The pages say the same on both engines.
pytestmark = pytest.mark.once


def say(command: str, *arguments: object) -> str:
    said = io.StringIO()
    call_command(command, *map(str, arguments), stdout=said)
    return said.getvalue()


def test_a_sound_file_is_called_sound(db, tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(catalogue.export(p.shipped()), encoding="utf-8")

    assert say("check_pack", file) == (
        "own.yaml is sound: version 2026.12, 99 questions.\n"
    )


def test_every_fault_is_told_with_its_line_and_the_command_fails(db, tmp_path):
    file = tmp_path / "own.yaml"
    faulty = catalogue.export(p.shipped())
    faulty = faulty.replace("kind: text", "kind: txt", 1).replace("who: M", "who: B", 1)
    file.write_text(faulty, encoding="utf-8")
    lines = [line.strip() for line in faulty.splitlines()]
    kind, who = lines.index("kind: txt") + 1, lines.index("who: B") + 1

    with pytest.raises(CommandError) as refusal:
        say("check_pack", file)

    assert str(refusal.value).splitlines() == [
        f"own.yaml, line {kind}: Question PUR-1: “kind” cannot be “txt”. "
        "Write one of: one, several, text.",
        f"own.yaml, line {who}: Role B is not known here. "
        "Write the code of a role of this pack.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "own.yaml is not a text file in UTF-8."),
        (None, "No such file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path, content, sentence):
    file = tmp_path / "own.yaml"
    if content:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        say("check_pack", file)


def test_an_exported_version_comes_in_as_a_draft(cast, tmp_path):
    cast.institution.code = "UIF"
    cast.institution.save()
    own, file = p.published(cast), tmp_path / "own.yaml"
    file.write_text(say("export_pack", own.version, "--institution", "UIF"), "utf-8")

    said = say(
        *("import_pack", file, "--institution", "UIF"),
        *("--as", cast.administrator.username),
    )

    assert said == "own.yaml is draft 2026.12-2 of Fjordheim University.\n"
    draft = Catalogue.objects.get(version="2026.12-2")
    assert draft.document | {"version": own.version} == own.document
    assert not draft.is_published


def test_the_shipped_version_is_exported_without_an_institution(db):
    assert say("export_pack", "2026.12") == catalogue.export(p.shipped())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export_pack", "1999"], "0 versions are called “1999”."),
        (
            ["import_pack", "{file}", "--institution", "NO", "--as", "x"],
            "0 institutions have the code “NO”.",
        ),
        (
            ["import_pack", "{file}", "--institution", "UIF", "--as", "nobody"],
            "Nobody signs in as nobody.",
        ),
        (
            ["import_pack", "{file}", "--institution", "UIF", "--as", "{officer}"],
            "Only a system administrator of the institution keeps its questions.",
        ),
        (
            ["import_pack", "{file}", "--institution", "UIF", "--as", "{keeper}"],
            "own.yaml, line 1: The file holds no question pack.",
        ),
    ],
)
def test_the_commands_refuse_with_a_sentence(cast, tmp_path, arguments, sentence):
    cast.institution.code = "UIF"
    cast.institution.save()
    file = tmp_path / "own.yaml"
    file.write_text("just words", encoding="utf-8")
    names = {
        "file": file,
        "officer": cast.officer.username,
        "keeper": cast.administrator.username,
    }

    with pytest.raises(CommandError, match=sentence):
        say(*(word.format(**names) for word in arguments))
