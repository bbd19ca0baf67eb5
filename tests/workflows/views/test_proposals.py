"""Registering a new partnership, as its proposer meets it."""

import pytest
from django.urls import reverse

from register.choices import CaseState, Role
from register.clock import local_today
from register.models import ScienceField
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.proposals import (
    START,
    about,
    bare_draft,
    page,
    reasons,
    screen,
    text,
)
from workflows.choices import Verb
from workflows.models import Case, CaseEvent

pytestmark = pytest.mark.once


@pytest.fixture
def proposer(cast, browser):
    return browser(cast.proposer)


@pytest.fixture
def partner(cast):
    return r.partner("Universitetet i Tromsø", country="NO", city="Tromsø")


def last_event(case):
    return case.events.order_by("-seq").first()


def test_the_shortest_way_takes_a_partner_a_start_and_a_purpose(
    proposer, cast, partner
):
    chosen = proposer.post(START, {"partner": partner.public_id})
    case = Case.objects.get()
    assert chosen.url == page(case, "about")
    assert (case.title, case.unit, case.responsible, case.state) == (
        "Cooperation with Universitetet i Tromsø",
        cast.department,
        cast.proposer,
        CaseState.DRAFT,
    )

    gone_on = proposer.post(chosen.url, about(case, starts_on="2027-01-15"))
    case.refresh_from_db()
    assert gone_on.url == page(case, "reasons")
    screened = proposer.post(gone_on.url, reasons(case))
    case.refresh_from_db()
    assert screened.url == page(case, "questions")
    proposer.post(screened.url, screen(case))
    case.refresh_from_db()
    send = {"seen": case.head_seq, "has_conflict": "no"}
    sent = proposer.post(page(case, "summary"), send, follow=True)

    case.refresh_from_db()
    assert (case.state, case.number[:4]) == (
        CaseState.PROPOSED,
        str(local_today().year),
    )
    assert [str(message) for message in sent.context["messages"]] == [
        f"Sent. Its case number is {case.number}."
    ]
    assert [event.verb for event in case.events.order_by("seq")] == [
        Verb.REGISTER,
        Verb.AMEND,
        Verb.AMEND,
        Verb.ANSWER,
        Verb.DECLARE,
        Verb.SUBMIT,
    ]


def test_every_page_of_the_way_answers(proposer, cast):
    case = bare_draft(cast)

    for step in ("partners", "new-partner", "about", "reasons", "questions", "summary"):
        assert proposer.get(page(case, step)).status_code == 200
    for address in (START, "/new/partner/"):
        assert proposer.get(address).status_code == 200


def test_all_facts_are_saved_as_written(proposer, cast):
    case, field = bare_draft(cast), ScienceField.objects.get(code="1.5")
    proposer.post(
        page(case, "about"),
        about(
            case,
            title="Ice and sea",
            case_type="education",
            starts_on="2027-01-15",
            ends_on="2029-01-14",
            field_of_science="1.5",
        ),
    )
    case.refresh_from_db()
    proposer.post(
        page(case, "reasons"),
        reasons(
            case,
            purpose="Cores",
            expected_value="Better models",
            funder="The fund",
            grant_reference="F-1",
            amount="2 500 000,50",
            currency="eur",
        ),
    )

    case.refresh_from_db()
    facts = ["title", "case_type", "purpose", "expected_value", "funder", "currency"]
    assert [getattr(case, fact) for fact in facts] == [
        "Ice and sea",
        "education",
        "Cores",
        "Better models",
        "The fund",
        "EUR",
    ]
    assert str(case.amount) == "2500000.50"
    assert list(case.fields_of_science.all()) == [field]
    assert [change[0] for change in last_event(case).content["changes"]] == [
        "purpose",
        "expected_value",
        "funder",
        "grant_reference",
        "amount",
        "currency",
    ]


def test_a_step_without_a_change_writes_no_event(proposer, cast):
    case = w.draft(cast)
    before = CaseEvent.objects.count()

    first = proposer.post(page(case, "about"), about(case))
    second = proposer.post(page(case, "reasons"), reasons(case, purpose=case.purpose))

    assert [first.url, second.url] == [page(case, "reasons"), page(case, "questions")]
    assert CaseEvent.objects.count() == before


def test_a_half_written_step_can_be_put_away(proposer, cast):
    case = bare_draft(cast)

    away = proposer.post(page(case, "about"), about(case, title="Ice", later="yes"))

    case.refresh_from_db()
    assert (away.url, case.title) == (reverse("workflows:my-work"), "Ice")
    resumed = proposer.get(reverse("workflows:proposal-resume", args=[case.public_id]))
    assert resumed.url == page(case, "about")


def test_going_back_saves_what_is_half_written(proposer, cast):
    case = bare_draft(cast)
    half = reasons(case, purpose="", expected_value="Much", back="yes")

    gone_back = proposer.post(page(case, "reasons"), half)

    case.refresh_from_db()
    assert (gone_back.url, case.expected_value) == (page(case, "about"), "Much")


def test_a_finished_draft_is_resumed_at_its_summary(proposer, cast):
    case = w.screened(cast)

    answer = proposer.get(reverse("workflows:proposal-resume", args=[case.public_id]))

    assert answer.url == page(case, "summary")


def test_own_drafts_are_offered_at_the_start(proposer, cast):
    mine = bare_draft(cast, title="Mine")
    bare_draft(cast, title="Not mine", actor=r.person_with("proposer", cast.department))

    assert list(proposer.get(START).context["drafts"]) == [mine]


def test_a_returned_case_is_mended_in_the_same_steps_and_keeps_its_number(
    proposer, cast
):
    case = w.returned(cast)
    number = case.number

    shown = proposer.get(page(case, "reasons"))
    assert "Odd Officer sent this back on" in text(shown)
    assert "<p>Because.</p>" in text(shown)
    proposer.post(page(case, "reasons"), reasons(case, purpose="Said better"))
    case = w.fresh(case)
    proposer.post(page(case, "summary"), {"seen": case.head_seq})

    case = w.fresh(case)
    assert (case.state, case.number, case.purpose) == (
        CaseState.PROPOSED,
        number,
        "Said better",
    )


def test_only_own_units_and_their_people_are_offered(proposer, cast):
    mate = r.person("Mia Mate", unit=cast.department)
    r.person("Far Away", unit=cast.other_department)
    r.person("Gone Before", unit=cast.department, is_active=False)

    form = proposer.get(page(bare_draft(cast), "about")).context["form"]

    assert list(form.fields["unit"].queryset) == [cast.department]
    assert set(form.fields["responsible"].queryset) == {cast.proposer, mate}


def test_the_draft_begins_at_ones_own_unit(cast, browser, partner):
    person = r.person("Two Units", unit=cast.department)
    for unit in (cast.other_department, cast.department):
        r.role(person, Role.PROPOSER, unit)

    browser(person).post(START, {"partner": partner.public_id})

    assert Case.objects.get().unit == cast.department


def test_the_summary_names_who_looks_at_it_and_what_may_be_shared(proposer, cast):
    answer = text(proposer.get(page(w.draft(cast), "summary")))

    assert "The case officer (Odd Officer) looks through your answers" in answer
    assert "high-level talk only" in answer
