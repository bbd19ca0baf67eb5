"""The pages on which a draft of a question pack is changed and published: each fault at
its field, and nothing that was typed is lost."""

import pytest
from django.urls import reverse

from tests.factories import workflows as w
from tests.workflows import packing as p
from tests.workflows.packing import page, words
from workflows.models import Catalogue
from workflows.services import catalogue

# The pages say the same on both engines.
pytestmark = pytest.mark.once


def typed(answer) -> dict:
    """What the browser would send of the form as the page shows it."""
    data = {}
    for part in answer.context["form"].parts:
        for field in part:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


# Changing a draft -------------------------------------------------------------------
def test_a_copy_is_made_changed_published_and_asked(cast, browser):
    client = browser(cast.administrator)
    copied = client.post(
        reverse("workflows:pack-copy"), {"institution": cast.institution.pk}
    )
    draft = Catalogue.objects.get(version="2026.12-1")
    assert copied["Location"] == page("detail", draft)

    address = page("question", draft, "PUR-3")
    data = typed(client.get(address)) | {"text_en": "Is it recommended?"}
    data |= {"answer-1-level": "high", "actions": ["E-RECT"], "off": "on"}
    saved = client.post(address, data)
    assert saved["Location"] == page("detail", draft) + "#PUR-3"

    published = page("publish", draft)
    said = words(client.get(published))
    assert "new assessments at Fjordheim University are asked this version" in said
    assert "Level Removed Medium Added High" in said
    assert "Removed Decision at faculty level Added Decision by the rector" in said
    client.post(published, typed(client.get(published)) | {"note": "Shorter."})

    question = w.proposed(cast).open_assessment.catalogue.pack.by_code["PUR-3"]
    assert (question.text, question.is_off) == ("Is it recommended?", True)
    assert (question.option("no").level, question.actions) == (3, ("E-RECT",))


@pytest.mark.parametrize("code", ["PUR-1", "CTY-1", "CTY-4", "EXP-8", "MOB-1"])
def test_a_question_saved_as_it_stands_changes_nothing(cast, browser, code):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("question", draft, code)

    client.post(address, typed(client.get(address)))

    assert Catalogue.objects.get(pk=draft.pk).document == draft.document


@pytest.mark.parametrize(("name", "code"), [("rule", "K1"), ("action", "A-EC")])
def test_a_rule_and_an_action_saved_as_they_stand_change_nothing(
    cast, browser, name, code
):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page(name, draft, code)

    client.post(address, typed(client.get(address)))

    assert Catalogue.objects.get(pk=draft.pk).document == draft.document


def test_an_answer_is_added_and_another_taken_out(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("question", draft, "PUR-3")
    data = typed(client.get(address)) | {"answer-2-remove": "on"}
    data |= {f"answer-3-text_{language}": "Not yet" for language in ("en", "nb", "nn")}

    client.post(address, data | {"answer-3-level": "low"})

    question = Catalogue.objects.get(pk=draft.pk).pack.by_code["PUR-3"]
    assert [(o.code, o.text, o.level) for o in question.options] == [
        ("yes", "Yes", 0),
        ("no", "No", 2),
        ("not-yet", "Not yet", 1),
    ]


def test_each_fault_stands_at_its_field_and_what_was_typed_is_kept(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("question", draft, "PUR-3")
    data = typed(client.get(address)) | {
        "text_nn": "",
        "show_if": "PUR-1 in nothing",
        "moments": [],
        "answer-2-level": "",
        "answer-3-text_en": "Not yet",
    }

    answer = client.post(address, data)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors == {
        "text_nn": [
            "Question PUR-3 has no “text” in nynorsk. "
            "Write it; every text stands in all three languages."
        ],
        "moments": [
            "Question PUR-3: “moments” has not the right form. "
            "Write a list with at least one entry."
        ],
    }
    assert [part.errors for part in form.options] == [
        *({}, {}, {}),
        {
            "text_nb": [
                "Option not-yet of PUR-3 has no “text” in bokmål. "
                "Write it; every text stands in all three languages."
            ],
            "text_nn": [
                "Option not-yet of PUR-3 has no “text” in nynorsk. "
                "Write it; every text stands in all three languages."
            ],
        },
        {},
    ]
    assert form["show_if"].value() == "PUR-1 in nothing"
    assert form.options[3]["text_en"].value() == "Not yet"
    assert Catalogue.objects.get(pk=draft.pk).sha256 == draft.sha256

    answer = client.post(address, data | {"moments": ["planning"]})

    form = answer.context["form"]
    assert set(form.errors) == {"text_nn", "show_if"}
    assert form.errors["show_if"] == [
        "The condition cannot be read: “nothing” stands where “(” is expected. "
        "Write it like “EXP-1 in (yes, unsure) and TEC-1 not in (no)”."
    ]
    assert form.options[2].errors == {
        "level": [
            "Option unsure of PUR-3 is unsure, and yet harmless. Give it a level."
        ]
    }


def test_a_fault_that_arises_elsewhere_stands_above_the_form(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("question", draft, "TEC-1")
    data = typed(client.get(address)) | {"answer-0-remove": "on"}

    answer = client.post(address, data)

    assert answer.status_code == 422
    above = list(answer.context["form"].non_field_errors())
    assert above[0] == (
        "Question TEC-1 has no harmless option. Leave the level out of one of them."
    )
    assert {sentence.partition(": TEC-1 has no")[0] for sentence in above[1:]} == {
        "2026.12-1, Rule K10",
        "2026.12-1, Question MOB-4",
        "2026.12-1, Question TEC-2",
        "2026.12-1, Question TEC-5",
    }


def test_who_was_late_sees_the_difference_and_loses_nothing(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("question", draft, "PUR-2")
    data = typed(client.get(address)) | {"text_en": "Why not others?"}
    p.changed(cast, draft, "PUR-2", help=p.text("Say it."))

    answer = client.post(address, data)

    assert answer.status_code == 409
    assert answer.context["form"]["text_en"].value() == "Why not others?"
    said = words(answer)
    assert "Somebody changed this draft meanwhile; look at it as it is now." in said
    assert "Help (English) Removed Say it. Added A reason tied to" in said
    kept = Catalogue.objects.get(pk=draft.pk).pack.by_code["PUR-2"]
    assert kept.text.startswith("Why this partner")

    again = client.post(address, typed(answer))

    assert again.status_code == 302
    kept = Catalogue.objects.get(pk=draft.pk).pack.by_code["PUR-2"]
    assert kept.text == "Why not others?"


def test_what_was_typed_when_the_draft_was_published_meanwhile_is_not_lost(
    cast, browser
):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("question", draft, "PUR-2")
    data = typed(client.get(address)) | {"text_en": "Why not others?"}
    catalogue.publish(actor=cast.administrator, catalogue_id=draft.pk, note="Done.")

    answer = client.post(address, data)

    assert answer.status_code == 409
    assert answer.context["form"]["text_en"].value() == "Why not others?"
    assert "A published version is never changed; copy it first." in answer.text
    assert "copy it first" in client.get(address).text


def test_an_own_question_is_added_with_its_own_source_and_taken_out(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("add-question", draft, "PUR")
    data = typed(client.get(address))
    assert data["code"] == "PUR-8"
    for language in ("en", "nb", "nn"):
        data[f"text_{language}"] = "Has the board been told?"
        data |= {f"answer-0-text_{language}": "Yes", f"answer-1-text_{language}": "No"}
    data |= {"who": "M", "answer-1-level": "medium"}

    missing = client.post(address, data)
    assert missing.context["form"].errors == {
        "sources": [
            "Question PUR-8: “sources” has not the right form. "
            "Write a list with at least one entry."
        ]
    }
    saved = client.post(address, data | {"source_title": "Rules of the board"})

    pack = Catalogue.objects.get(pk=draft.pk).pack
    question = pack.by_code["PUR-8"]
    assert saved["Location"] == page("detail", draft) + "#PUR-8"
    assert [(o.code, o.level) for o in question.options] == [("yes", 0), ("no", 2)]
    assert [str(source) for source in pack.sources_of(question)] == [
        "Rules of the board"
    ]

    out = page("take-out", draft, "PUR-8")
    client.post(out, typed(client.get(out)))
    assert "PUR-8" not in Catalogue.objects.get(pk=draft.pk).pack.by_code


def test_a_shipped_question_is_not_taken_out(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    out = page("take-out", draft, "PUR-1")
    assert out not in client.get(page("question", draft, "PUR-1")).text

    answer = client.post(out, typed(client.get(out)))

    assert answer.status_code == 409
    assert "This question ships with Midtveis; switch it off instead." in answer.text


def test_a_rule_raises_to_another_level(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("rule", draft, "K1")
    data = typed(client.get(address))

    both = client.post(address, data | {"propose": "critical"})
    client.post(address, data | {"raise_to": "", "propose": "critical"})

    assert both.context["form"].errors == {
        "raise_to": [
            "Rule K1 cannot raise the risk here. Write either “raise_to” or “propose”."
        ]
    }
    rule = Catalogue.objects.get(pk=draft.pk).pack.rules[0]
    assert (rule.raises_to, rule.proposes) == (0, 4)


def test_an_action_comes_into_play_later_and_has_more_time(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("action", draft, "A-EC")

    changes = {"fires_at": "high", "days": "20", "title_en": "Export adviser"}
    client.post(address, typed(client.get(address)) | changes)

    action = Catalogue.objects.get(pk=draft.pk).pack.actions["A-EC"]
    assert (action.fires_at, action.days, action.title) == (3, 20, "Export adviser")


@pytest.mark.parametrize("name", ["question", "rule", "action", "add-question"])
def test_what_is_not_in_the_draft_is_not_found(cast, browser, name):
    address = page(name, p.draft(cast), "NO-99")

    assert browser(cast.administrator).get(address).status_code == 404


# Publishing and throwing away -------------------------------------------------------
def test_publishing_tells_no_number_of_cases_and_asks_what_is_new(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("publish", draft)
    without = client.get(address)
    w.proposed(cast)

    asked = client.get(address)
    answer = client.post(address, typed(asked))

    assert words(asked) == words(without)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "note": ["Say what is new in this version."]
    }


def test_publishing_warns_when_another_version_came_into_force_meanwhile(cast, browser):
    draft = p.draft(cast)
    own = p.published(cast)

    answer = browser(cast.administrator).get(page("publish", draft))

    assert "Version 2026.12-2 is in force now" in answer.text
    assert answer.context["in_force"] == own


def test_a_draft_that_was_changed_meanwhile_is_not_published_unseen(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("publish", draft)
    data = typed(client.get(address)) | {"note": "New."}
    p.changed(cast, draft, "PUR-2", help=p.text("Say it."))

    answer = client.post(address, data)

    assert answer.status_code == 409
    assert answer.context["form"]["note"].value() == "New."
    assert Catalogue.objects.in_force(cast.institution) == p.shipped()
    assert client.post(address, typed(answer)).status_code == 302


def test_a_draft_is_thrown_away(cast, browser):
    draft, client = p.draft(cast), browser(cast.administrator)
    address = page("discard", draft)

    assert client.post(address, typed(client.get(address)))["Location"] == reverse(
        "workflows:pack-list"
    )
    assert client.post(address).status_code == 404
    assert list(Catalogue.objects.all()) == [p.shipped()]
