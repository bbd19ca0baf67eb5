"""Question packs: whose they are, that a published one stays, and that a case keeps
the one it was begun with."""

import pytest

from register.choices import Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows import packing as p
from tests.workflows.tampering import refused, sql
from workflows.models import Catalogue
from workflows.services import catalogue
from workflows.services.catalogue import PackRefused
from workflows.services.moving import NotAllowed

pytestmark = pytest.mark.once

STRANGER = "Only a system administrator of the institution keeps its questions."
PUBLISHED = "A published version is never changed; copy it first."
LATE = "Somebody changed this draft meanwhile; look at it as it is now."
GUARD = "a published pack never changes"


def test_a_copy_is_a_draft_that_says_the_same_under_a_name_of_its_own(cast):
    first, second = p.draft(cast), p.draft(cast)

    assert [first.version, second.version] == ["2026.12-1", "2026.12-2"]
    assert first.document == p.shipped().document | {"version": "2026.12-1"}
    assert (first.based_on, first.made_by) == (p.shipped(), cast.administrator)
    assert not first.is_published


def test_a_draft_is_not_copied(cast):
    draft = p.draft(cast)

    with pytest.raises(NotAllowed, match="Only a published version is copied"):
        catalogue.copy(
            actor=cast.administrator, catalogue=draft, institution=cast.institution
        )


def test_the_version_of_another_institution_is_not_copied(cast):
    theirs = p.published(cast)
    other = r.unit("Other University")
    keeper = r.person_with(Role.SYSTEM_ADMINISTRATOR, other)

    with pytest.raises(NotAllowed, match="belongs to another institution"):
        catalogue.copy(actor=keeper, catalogue=theirs, institution=other)


def test_a_change_stands_in_the_draft_and_nowhere_else(cast):
    draft = p.draft(cast)

    p.changed(cast, draft, "PUR-2", text=p.text("Why they?"))

    fresh = Catalogue.objects.get(pk=draft.pk)
    assert fresh.pack.by_code["PUR-2"].text == "Why they?"
    assert fresh.sha256 != draft.sha256
    assert p.shipped().pack.by_code["PUR-2"].text.startswith("Why this partner")


def test_whoever_saw_an_older_state_does_not_overwrite_it(cast):
    draft = p.draft(cast)
    p.changed(cast, draft, "PUR-2", text=p.text("Why they?"))

    with pytest.raises(NotAllowed, match=LATE):
        p.changed(cast, draft, "PUR-2", text=p.text("Why not others?"))

    fresh = Catalogue.objects.get(pk=draft.pk)
    assert fresh.pack.by_code["PUR-2"].text == "Why they?"


def test_a_change_with_faults_is_refused_with_each_fault_and_its_place(cast):
    draft = p.draft(cast)

    with pytest.raises(PackRefused) as refusal:
        p.changed(cast, draft, "PUR-3", who="S-NO", show_if="ABC-9 in (yes)")

    assert [str(fault) for fault in refusal.value.faults] == [
        "2026.12-1, Question PUR-3: Role S-NO is not known here. "
        "Write the code of a role of this pack.",
        "2026.12-1, Question PUR-3: Question ABC-9 is not known here. "
        "Write the code of a question of this pack, or take the condition out.",
    ]
    assert [fault.path for fault in refusal.value.faults] == [
        ("topics", 0, "questions", 2, "who"),
        ("topics", 0, "questions", 2, "show_if"),
    ]
    assert Catalogue.objects.get(pk=draft.pk).sha256 == draft.sha256


def test_an_own_question_is_taken_out_and_a_shipped_one_is_not(cast):
    draft = p.with_own(cast, p.draft(cast))
    by = {"actor": cast.administrator, "catalogue_id": draft.pk, "seen": draft.sha256}

    with pytest.raises(NotAllowed, match="ships with Midtveis; switch it off"):
        catalogue.take_out(**by, code="PUR-1")
    catalogue.take_out(**by, code="PUR-8")

    assert Catalogue.objects.get(pk=draft.pk).document == p.draft(cast).document | {
        "version": draft.version
    }


def test_publishing_needs_a_word_on_what_is_new(cast):
    draft = p.draft(cast)

    with pytest.raises(NotAllowed, match="Say what is new in this version"):
        catalogue.publish(actor=cast.administrator, catalogue_id=draft.pk, note=" ")


def test_only_what_was_seen_is_published(cast):
    draft = p.draft(cast)
    p.changed(cast, draft, "PUR-2", text=p.text("Why they?"))

    with pytest.raises(NotAllowed, match=LATE):
        catalogue.publish(
            actor=cast.administrator,
            catalogue_id=draft.pk,
            note="New.",
            seen=draft.sha256,
        )

    assert Catalogue.objects.in_force(cast.institution) == p.shipped()


def test_a_published_version_is_in_force_for_the_units_of_its_institution_only(cast):
    other = r.unit("Other University")
    shipped = p.shipped()

    own = p.published(cast)

    assert (own.note, own.published_by) == ("Shorter.", cast.administrator)
    for unit in (cast.institution, cast.faculty, cast.department):
        assert Catalogue.objects.in_force(unit) == own
    assert Catalogue.objects.in_force(other) == shipped
    assert w.proposed(cast).open_assessment.catalogue == own


def test_a_case_keeps_the_version_that_it_was_begun_with(cast):
    case = w.proposed(cast)
    shipped = p.shipped()

    own = p.published(cast)

    assert w.fresh(case).open_assessment.catalogue == shipped
    later = p.published(cast, text=p.text("Why they and no others?"))
    assert Catalogue.objects.in_force(cast.department) == later
    assert own.version == "2026.12-1"


def test_a_published_version_is_not_changed_by_any_service(cast):
    own = p.published(cast)
    by = {"actor": cast.administrator, "catalogue_id": own.pk}

    with pytest.raises(NotAllowed, match=PUBLISHED):
        catalogue.change(**by, seen=own.sha256, document=own.document)
    with pytest.raises(NotAllowed, match=PUBLISHED):
        catalogue.publish(**by, note="Again.")
    with pytest.raises(NotAllowed, match=PUBLISHED):
        catalogue.discard(**by)
    with pytest.raises(NotAllowed, match=PUBLISHED):
        catalogue.discard(actor=cast.administrator, catalogue_id=p.shipped().pk)


@pytest.mark.engine
def test_a_published_version_is_not_changed_past_the_services(cast):
    own = p.published(cast)
    own.note = "Something else."

    with refused(GUARD):
        own.save()
    with refused(GUARD):
        Catalogue.objects.filter(pk=own.pk).update(published_at=None)
    with refused(GUARD):
        Catalogue.objects.filter(pk=own.pk)._raw_delete("default")
    with refused(GUARD):
        sql("UPDATE workflows_catalogue SET content = '{}' WHERE id = %s", own.pk)
    with refused(GUARD):
        sql("DELETE FROM workflows_catalogue WHERE id = %s", own.pk)


def test_a_draft_is_thrown_away(cast):
    draft = p.draft(cast)

    catalogue.discard(actor=cast.administrator, catalogue_id=draft.pk)

    assert list(Catalogue.objects.all()) == [p.shipped()]


def test_what_is_exported_comes_in_again_equal(cast):
    own = p.published(cast)

    again = catalogue.take_in(
        actor=cast.administrator,
        institution=cast.institution,
        text=catalogue.export(own),
        name="own.yaml",
    )

    assert (again.version, again.based_on) == ("2026.12-2", own)
    assert again.document | {"version": own.version} == own.document
    assert catalogue.export(again) == catalogue.export(own).replace(
        "2026.12-1", "2026.12-2"
    )


def test_a_draft_that_came_from_a_draft_can_outlive_it(cast):
    draft = p.draft(cast)
    again = catalogue.take_in(
        actor=cast.administrator,
        institution=cast.institution,
        text=catalogue.export(draft),
        name="own.yaml",
    )

    catalogue.discard(actor=cast.administrator, catalogue_id=draft.pk)

    assert again.based_on is None


def test_a_long_name_still_leaves_room_for_a_number(cast):
    long = catalogue.export(p.shipped()).replace("'2026.12'", "the-pack-of-2026-wow")
    by = {"actor": cast.administrator, "institution": cast.institution}

    names = [
        catalogue.take_in(**by, text=long, name="own.yaml").version for _ in range(2)
    ]

    assert names == ["the-pack-of-2026-wow", "the-1"]


@pytest.mark.parametrize("who", ["officer", "stranger", "elsewhere", "below"])
def test_nobody_but_the_institutions_own_administrator_keeps_its_questions(cast, who):
    cast.elsewhere = r.person_with(Role.SYSTEM_ADMINISTRATOR, r.unit("Elsewhere"))
    cast.below = r.person_with(Role.SYSTEM_ADMINISTRATOR, cast.faculty)
    person, draft = getattr(cast, who), p.draft(cast)
    here = {"actor": person, "institution": cast.institution}
    there = {"actor": person, "catalogue_id": draft.pk}

    with pytest.raises(NotAllowed, match=STRANGER):
        catalogue.copy(**here, catalogue=p.shipped())
    with pytest.raises(NotAllowed, match=STRANGER):
        catalogue.take_in(**here, text="", name="own.yaml")
    with pytest.raises(NotAllowed, match=STRANGER):
        catalogue.change(**there, seen=draft.sha256, document=draft.document)
    with pytest.raises(NotAllowed, match=STRANGER):
        catalogue.publish(**there, note="Mine.")
    with pytest.raises(NotAllowed, match=STRANGER):
        catalogue.discard(**there)

    assert set(Catalogue.objects.all()) == {p.shipped(), draft}
