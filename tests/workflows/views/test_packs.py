"""The pages of question packs: who sees them, who changes what, and that nothing that
was typed is lost."""

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.urls import reverse

from register.choices import Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows import packing as p
from tests.workflows.packing import page, words
from workflows.models import Catalogue
from workflows.services import catalogue

# The pages say the same on both engines.
pytestmark = pytest.mark.once

LIST = "workflows:pack-list"
EDITING = {
    "publish": [],
    "discard": [],
    "question": ["PUR-1"],
    "take-out": ["PUR-8"],
    "add-question": ["PUR"],
    "rule": ["K1"],
    "action": ["A-EC"],
}


def compare(old: Catalogue, new: Catalogue) -> str:
    return f"{reverse('workflows:pack-compare')}?from={old.pk}&to={new.pk}"


# Who sees what ----------------------------------------------------------------------
def test_the_administrator_finds_the_questions_in_the_navigation_and_nobody_else(
    cast, browser
):
    cast.below = r.person_with(Role.SYSTEM_ADMINISTRATOR, cast.faculty)

    found = {
        who: reverse(LIST) in browser(getattr(cast, who)).get("/").text
        for who in ("administrator", "below", "officer", "proposer", "stranger")
    }

    assert found == {
        "administrator": True,
        "below": False,
        "officer": False,
        "proposer": False,
        "stranger": False,
    }


def test_those_who_handle_cases_read_and_change_nothing(cast, browser):
    draft, client = p.with_own(cast, p.draft(cast)), browser(cast.officer)

    read = [reverse(LIST), page("detail", draft), page("export", draft)]
    read.append(compare(p.shipped(), draft))
    assert {client.get(address).status_code for address in read} == {200}
    assert "Copy the version in force" not in client.get(reverse(LIST)).text
    assert page("question", draft, "PUR-1") not in client.get(read[1]).text

    sentence = "Only a system administrator of the institution keeps its questions."
    for name, codes in EDITING.items():
        address = page(name, draft, *codes)
        assert sentence in client.get(address).text
        assert client.post(address, {"seen": draft.sha256}).status_code == 403
    assert client.get(reverse("workflows:pack-import")).status_code == 404
    copied = client.post(
        reverse("workflows:pack-copy"), {"institution": cast.institution.pk}
    )
    assert copied.status_code == 404
    assert set(Catalogue.objects.all()) == {p.shipped(), draft}


def test_to_a_proposer_the_pages_do_not_exist(cast, browser):
    draft, client = p.draft(cast), browser(cast.proposer)

    addresses = [reverse(LIST), compare(p.shipped(), draft)]
    addresses += [page(name, draft) for name in ("detail", "export", "publish")]
    addresses += [page("detail", p.shipped()), page("question", draft, "PUR-1")]

    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_stranger_reads_what_ships_and_nothing_of_another_institution(cast, browser):
    draft, client = p.draft(cast), browser(cast.stranger)

    hidden = [page(name, draft) for name in ("detail", "export", "publish")]
    hidden.append(page("question", draft, "PUR-1"))

    assert {client.get(address).status_code for address in hidden} == {404}
    assert client.post(page("discard", draft)).status_code == 404
    assert client.get(page("detail", p.shipped())).status_code == 200
    assert "2026.12-1" not in client.get(reverse(LIST)).text
    told = client.get(compare(p.shipped(), draft))
    assert "changes" not in told.context


def test_somebody_elses_administrator_copies_for_their_own_institution_only(
    cast, browser
):
    elsewhere = r.unit("Elsewhere")
    client = browser(r.person_with(Role.SYSTEM_ADMINISTRATOR, elsewhere))
    copy = reverse("workflows:pack-copy")

    assert client.post(copy, {"institution": cast.institution.pk}).status_code == 404
    client.post(copy, {"institution": elsewhere.pk})

    assert [pack.institution for pack in Catalogue.objects.all()] == [elsewhere, None]


# The list and one version -----------------------------------------------------------
def test_the_list_tells_whose_in_force_and_how_many_cases_that_one_reads_use_it(
    cast, browser
):
    w.proposed(cast)
    w.proposed(cast)
    elsewhere = r.unit("Elsewhere")
    w.proposed(cast, unit=elsewhere, actor=r.person_with(Role.PROPOSER, elsewhere))
    own = p.published(cast)
    case = w.assessed(cast)
    w.proposed(cast)
    draft = p.draft(cast)

    def told(user):
        rows = browser(user).get(reverse(LIST)).context["rows"]
        return {
            row.pack: (row.pack.cases, row.in_force_at, row.may_edit) for row in rows
        }

    assert told(cast.officer) == {
        draft: (0, [], False),
        own: (2, [cast.institution], False),
        p.shipped(): (2, [], False),
    }
    assert told(cast.administrator) == {
        draft: (0, [], True),
        own: (0, [cast.institution], False),
        p.shipped(): (0, [], False),
    }
    assert case.last_assessment.catalogue == own


@pytest.mark.parametrize("versions", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_versions_as_for_one(
    cast, browser, django_assert_num_queries, versions
):
    for _ in range(versions - 1):
        p.published(cast)
    client = browser(cast.administrator)
    client.get(reverse(LIST))

    with django_assert_num_queries(8):
        rows = client.get(reverse(LIST)).context["rows"]

    assert len(rows) == versions


@pytest.mark.parametrize("versions", [1, 3])
def test_one_version_asks_the_database_as_often_beside_three_as_beside_one(
    cast, browser, django_assert_num_queries, versions
):
    for _ in range(versions - 1):
        p.published(cast)
    client = browser(cast.administrator)
    client.get(reverse(LIST))

    with django_assert_num_queries(9):
        client.get(page("detail", p.shipped()))


def test_a_version_shows_each_question_with_all_that_belongs_to_it(cast, browser):
    off = p.changed(cast, p.draft(cast), "PUR-2", off=True)

    said = words(browser(cast.officer).get(page("detail", off)))

    assert "EXP-2 Answered by: Export-control adviser" in said
    assert (
        "Asked only when “Is the field, method, equipment, software or data listed, "
        "or likely to be listed, in the control lists (dual-use categories 0-9, or "
        "defence material)?” (EXP-1): anything but No" in said
    )
    assert "PUR-2 Answered by: Academic Switched off" in said
    assert "Not checked High" in said
    assert "Actions Export licence (from Medium)" in said
    assert "HK-dir: Agreements on research cooperation (11 Nov 2024)" in said
    assert "K9 Proposes the risk High" in said
    assert "4 or more topics are at Medium or higher" in said


def test_a_version_reads_in_the_readers_language(cast, browser):
    cast.officer.language = "nb"
    cast.officer.save()

    said = words(browser(cast.officer).get(page("detail", p.shipped())))

    assert "Hva er formålet med samarbeidet, og hva ville gå tapt uten det?" in said


# Out and in -------------------------------------------------------------------------
def test_what_is_exported_can_be_imported_and_leads_to_what_differs(cast, browser):
    client, own = browser(cast.administrator), p.published(cast)
    exported = client.get(page("export", own))
    assert exported["Content-Disposition"] == (
        'attachment; filename="questions-2026.12-1.yaml"'
    )

    text = exported.content.decode().replace("Why they?", "Why just they?")
    answer = client.post(
        reverse("workflows:pack-import"),
        {"file": p.file(text), "institution": cast.institution.pk},
    )

    draft = Catalogue.objects.get(version="2026.12-2")
    assert answer["Location"] == compare(own, draft)
    assert "Text (English) Added Why just they?" in words(
        client.get(answer["Location"])
    )


def test_a_faulty_file_is_refused_with_every_fault_and_its_line(cast, browser):
    text = catalogue.export(p.shipped()).replace("who: M", "who: B", 1)
    text = text.replace("TEC-1 in (yes) and CTY-1", "TEC-1 in (yes) und CTY-1", 1)
    lines = text.splitlines()
    rule = next(n for n, line in enumerate(lines, 1) if " und " in line)
    who = next(n for n, line in enumerate(lines, 1) if line.strip() == "who: B")

    answer = browser(cast.administrator).post(
        reverse("workflows:pack-import"),
        {"file": p.file(text), "institution": cast.institution.pk},
    )

    assert answer.status_code == 422
    assert [str(fault) for fault in answer.context["faults"]] == [
        f"own.yaml, line {rule}: The condition cannot be read: “und” is not expected "
        "here; write “and” or “or”. Write it like “EXP-1 in (yes, unsure) and TEC-1 "
        "not in (no)”.",
        f"own.yaml, line {who}: Role B is not known here. "
        "Write the code of a role of this pack.",
    ]
    assert "The file has 2 faults; nothing was kept" in answer.text
    assert Catalogue.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 \xff\xfe", "This is not a text file in UTF-8."),
        (b"PK\x03\x04 zip", "There is a character that YAML does not allow."),
        (b"", "The file is empty."),
        (b"just words", "The file holds no question pack."),
    ],
)
def test_what_is_no_pack_is_refused_kindly(cast, browser, content, sentence):
    answer = browser(cast.administrator).post(
        reverse("workflows:pack-import"),
        {"file": p.file(content), "institution": cast.institution.pk},
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert Catalogue.objects.count() == 1


def test_a_file_of_3_mb_is_refused_before_it_is_read(cast, browser):
    large = TemporaryUploadedFile("large.yaml", "text/yaml", 3_000_000, None)
    large.truncate(3_000_000)
    large.seek(0)

    answer = browser(cast.administrator).post(
        reverse("workflows:pack-import"),
        {"file": large, "institution": cast.institution.pk},
    )
    large.close()

    assert "The file is larger than 2 MB." in answer.text


# What differs -----------------------------------------------------------------------
def test_two_versions_are_compared_with_words_and_not_colour_alone(cast, browser):
    own = p.with_own(cast, p.draft(cast))
    client = browser(cast.officer)

    there, back = (
        words(client.get(compare(*pair)))
        for pair in ((p.shipped(), own), (own, p.shipped()))
    )

    assert "Has the board been told? Question PUR-8 Added" in there
    assert "Has the board been told? Question PUR-8 Removed" in back
    assert "Answer “no”: Level Added Medium" in there


def test_a_version_differs_in_nothing_from_itself(cast, browser):
    answer = browser(cast.officer).get(compare(p.shipped(), p.shipped()))

    assert "Nothing differs." in answer.text
