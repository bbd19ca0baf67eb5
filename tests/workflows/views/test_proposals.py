"""Registering a new partnership, as its proposer meets it."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from register.choices import CaseState, PartnerRole, Role
from register.clock import local_today
from register.models import Cooperation, Partner, ScienceField
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.choices import Verb
from workflows.models import Case, CaseEvent
from workflows.services import amending, proposing

START = "/new/"


@pytest.fixture
def proposer(cast, browser):
    return browser(cast.proposer)


@pytest.fixture
def partner(cast):
    return r.partner("Universitetet i Tromsø", country="NO", city="Tromsø")


def page(case, step):
    return reverse(f"workflows:proposal-{step}", args=[case.public_id])


def about(case, **given):
    """What the page of the step posts when nothing but `given` is typed."""
    return {
        "seen": case.head_seq,
        "title": case.title,
        "case_type": case.case_type,
        "unit": case.unit_id,
        "responsible": case.responsible_id,
        "starts_on": case.starts_on or "",
        "ends_on": case.ends_on or "",
        "field_of_science": "",
    } | given


def reasons(case, **given):
    return {"seen": case.head_seq, "purpose": "Shared data", "currency": "NOK"} | given


def bare_draft(cast, **facts):
    """As it is after the first step: a partner and a working title."""
    return w.draft(cast, **{"purpose": "", "starts_on": None, "ends_on": None} | facts)


def as_strings(typed):
    return {name: str(value) for name, value in typed.items()}


def last_event(case):
    return case.events.order_by("-seq").first()


def text(response):
    return " ".join(response.content.decode().split())


# The way through ------------------------------------------------------------------


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
    summary = proposer.post(gone_on.url, reasons(case))
    case.refresh_from_db()
    assert summary.url == page(case, "summary")
    sent = proposer.post(summary.url, {"seen": case.head_seq}, follow=True)

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
        Verb.SUBMIT,
    ]


def test_every_page_of_the_way_answers(proposer, cast):
    case = bare_draft(cast)

    for step in ("partners", "new-partner", "about", "reasons", "summary"):
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

    assert [first.url, second.url] == [page(case, "reasons"), page(case, "summary")]
    assert CaseEvent.objects.count() == before


def test_a_half_written_step_can_be_put_away(proposer, cast):
    case = bare_draft(cast)

    away = proposer.post(page(case, "about"), about(case, title="Ice", later="yes"))

    case.refresh_from_db()
    assert (away.url, case.title) == (reverse("workflows:my-work"), "Ice")
    resumed = proposer.get(reverse("workflows:proposal-resume", args=[case.public_id]))
    assert resumed.url == page(case, "about")


def test_a_finished_draft_is_resumed_at_its_summary(proposer, cast):
    case = w.draft(cast)

    answer = proposer.get(reverse("workflows:proposal-resume", args=[case.public_id]))

    assert answer.url == page(case, "summary")


def test_own_drafts_are_offered_at_the_start(proposer, cast):
    mine = bare_draft(cast, title="Mine")
    bare_draft(cast, title="Not mine", actor=r.person_with("proposer", cast.department))

    assert list(proposer.get(START).context["drafts"]) == [mine]


# Partners -------------------------------------------------------------------------


def test_several_partners_can_be_chosen_and_taken_off(proposer, cast, partner):
    first = r.partner("Uppsala universitet")
    case = bare_draft(cast, partner=first)

    added = proposer.post(page(case, "partners"), {"partner": partner.public_id})
    assert added.url == page(case, "partners")
    assert set(case.partners.all()) == {first, partner}
    proposer.post(page(case, "partners"), {"remove": first.public_id})

    assert [(p.partner, p.role) for p in case.partnerships.all()] == [
        (partner, PartnerRole.PARTNER)
    ]


def test_a_partner_chosen_twice_is_there_once_without_an_event(proposer, cast):
    partner = r.partner()
    case = bare_draft(cast, partner=partner)

    proposer.post(page(case, "partners"), {"partner": partner.public_id})

    assert (case.partners.count(), case.events.count()) == (1, 1)


def test_a_partner_that_is_not_in_the_list_is_added_and_chosen(proposer):
    answer = proposer.post(
        "/new/partner/",
        {
            "name": "Université de Kivu",
            "country": "CD",
            "city": "Bukavu",
            "kind": "university",
            "website": "www.kivu.example",
            "scheme": "ror",
            "identifier": "https://ror.org/03yrm5c26",
        },
    )

    added = Partner.objects.get()
    assert answer.url == page(Case.objects.get(), "about")
    assert (added.name, added.country_id, added.city, added.website) == (
        "Université de Kivu",
        "CD",
        "Bukavu",
        "https://www.kivu.example",
    )
    assert [str(i) for i in added.identifiers.all()] == ["ROR 03yrm5c26"]


def test_what_was_searched_for_becomes_the_name_of_the_new_partner(proposer):
    form = proposer.get("/new/partner/", {"q": "Kivu"}).context["form"]

    assert form["name"].value() == "Kivu"


def test_likely_duplicates_are_shown_before_a_partner_is_added(proposer, partner):
    typed = {"name": "universitetet i TROMSO", "country": "NO", "kind": "university"}

    shown = proposer.post("/new/partner/", typed)
    assert shown.status_code == 409
    assert list(shown.context["alike"]) == [partner]
    assert shown.context["form"]["name"].value() == "universitetet i TROMSO"
    assert Partner.objects.count() == 1

    proposer.post("/new/partner/", typed | {"anyway": "yes"})
    assert Partner.objects.count() == 2


def test_the_same_name_in_another_country_is_no_duplicate(proposer, partner):
    typed = {"name": partner.name, "country": "SE", "kind": "university"}

    assert proposer.post("/new/partner/", typed).status_code == 302


def test_a_known_identifier_shows_whose_it_is(proposer):
    known = r.partner("Kivu", country="CD", identifiers={"ror": "03yrm5c26"})
    typed = {"name": "Other", "country": "FR", "kind": "other", "scheme": "ror"}
    typed["identifier"] = "03yrm5c26"

    shown = proposer.post("/new/partner/", typed)
    insisted = proposer.post("/new/partner/", typed | {"anyway": "yes"})

    assert list(shown.context["alike"]) == [known]
    assert insisted.status_code == 422
    assert "Another partner in the register already has this identifier." in text(
        insisted
    )
    assert list(Partner.objects.all()) == [known]


# Refusals, each with its sentence -------------------------------------------------


def test_a_partner_must_be_chosen(proposer):
    answer = proposer.post(START, {"partner": ""})

    assert answer.status_code == 422
    assert "Choose a partner from the list, or add it to the register." in text(answer)
    assert not Cooperation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "Give the partner a name."),
        ("country", "", "Choose the country the partner is in."),
        ("country", "XX", "Select a valid choice. XX is not one of the available"),
        ("website", "not an address", "This is not a web address. One looks like"),
        (
            "identifier",
            "03yrm5c27",
            "The check digits of this ROR id do not fit. Copy it again from ror.org.",
        ),
        ("identifier", "12", "A ROR id looks like 03yrm5c26: nine signs that begin"),
    ],
)
def test_a_new_partner_is_refused_and_what_was_typed_is_kept(
    proposer, field, value, sentence
):
    typed = {"name": "Kivu", "country": "CD", "city": "Bukavu", "kind": "other"}
    typed |= {"scheme": "ror", field: value}

    answer = proposer.post("/new/partner/", typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert answer.context["form"]["city"].value() == "Bukavu"
    assert answer.context["form"][field].value() == value
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": "   "}, "Give the cooperation a title."),
        ({"starts_on": ""}, "Say when it starts, at least about when."),
        (
            {"starts_on": "2027-05-02", "ends_on": "2027-05-01"},
            "The end must not be before the start.",
        ),
        ({"starts_on": "soon"}, "Enter a valid date."),
        ({"unit": "0"}, "You may propose for your own unit only; choose one of yours."),
        ({"responsible": "0"}, "Choose a person at your unit."),
    ],
)
def test_facts_are_refused_and_what_was_typed_is_kept(proposer, cast, given, sentence):
    case = bare_draft(cast)
    typed = about(case, starts_on="2027-05-01", ends_on="2028-05-01") | given

    answer = proposer.post(page(case, "about"), typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    form = answer.context["form"]
    assert {name: form[name].value() for name in typed} == as_strings(typed)
    case.refresh_from_db()
    assert (case.starts_on, case.events.count()) == (None, 1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"purpose": " "}, "Write a sentence or two: nobody can assess it without."),
        ({"amount": "much"}, "Write the amount in figures, such as 2 500 000."),
        ({"amount": "-5"}, "The amount cannot be less than nothing."),
        ({"amount": "5", "currency": ""}, "Say in which currency the amount is."),
        ({"currency": "QQQ"}, "“QQQ” is no currency. Write three letters, such as NOK"),
    ],
)
def test_reasons_are_refused_and_what_was_typed_is_kept(
    proposer, cast, given, sentence
):
    case = bare_draft(cast)
    typed = reasons(case, expected_value="Much to learn", amount="7") | given

    answer = proposer.post(page(case, "reasons"), typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    form = answer.context["form"]
    assert {name: form[name].value() for name in typed} == as_strings(typed)
    case.refresh_from_db()
    assert (case.expected_value, case.events.count()) == ("", 1)


def test_a_unit_of_others_is_refused_by_page_and_service(proposer, cast):
    case = bare_draft(cast)

    answer = proposer.post(
        page(case, "about"), about(case, unit=cast.other_department.pk)
    )

    assert answer.status_code == 422
    with pytest.raises(proposing.NotAllowed, match="your own unit only"):
        proposing.start(
            actor=cast.proposer, title="Elsewhere", unit=cast.other_department
        )
    with pytest.raises(proposing.NotAllowed, match="your own unit only"):
        amending.amend(case_id=case.pk, actor=cast.proposer, unit=cast.other_department)
    case.refresh_from_db()
    assert case.unit == cast.department


def test_an_unfinished_draft_is_not_sent(proposer, cast, partner):
    case = bare_draft(cast, partner=partner)
    proposer.post(page(case, "partners"), {"remove": partner.public_id})
    case.refresh_from_db()

    shown = proposer.get(page(case, "summary"))
    answer = proposer.post(page(case, "summary"), {"seen": case.head_seq})

    assert [part["label"] for part in shown.context["missing"]] == [
        "Partner",
        "What",
        "Why",
    ]
    assert answer.status_code == 409
    assert (
        "Before it can be sent, fill in: purpose, start, at least one partner."
        in text(answer)
    )
    assert Case.objects.get().state == CaseState.DRAFT


def test_a_stale_form_is_told_so_and_keeps_what_was_typed(proposer, cast):
    case = bare_draft(cast)
    typed = about(case, title="From the other window", starts_on="2027-01-01")
    proposer.post(page(case, "about"), about(case, title="First", later="yes"))

    answer = proposer.post(page(case, "about"), typed)

    assert answer.status_code == 409
    assert "Somebody was faster: Pia Proposer – Change facts" in text(answer)
    assert answer.context["form"]["title"].value() == "From the other window"
    case.refresh_from_db()
    assert case.title == "First"
    again = typed | {"seen": answer.context["form"]["seen"].value()}
    assert proposer.post(page(case, "about"), again).status_code == 302


def test_what_was_typed_while_the_session_ran_out_is_kept(client, cast):
    case = bare_draft(cast)
    typed = reasons(case, purpose="Written for an hour", amount="12")

    sent = client.post(page(case, "reasons"), typed)
    assert sent.url == f"/sign-in/?next={page(case, 'reasons')}"
    back = client.post(
        sent.url, {"username": cast.proposer.username, "password": r.PASSWORD}
    )
    shown = client.get(back.url)

    assert back.url == page(case, "reasons")
    form = shown.context["form"]
    assert {name: form[name].value() for name in typed} == as_strings(typed)
    assert "You had been signed out. What you wrote is kept below" in text(shown)
    assert "Written for an hour" not in text(client.get(back.url))


def test_what_was_typed_is_not_shown_to_another_person(client, cast):
    case = bare_draft(cast)
    other = r.person_with(Role.PROPOSER, cast.department)
    mine = page(bare_draft(cast, actor=other), "reasons")
    client.post(page(case, "reasons"), reasons(case, purpose="Not for others"))
    client.force_login(other)

    assert client.get(page(case, "reasons")).status_code == 404
    assert [client.get(address).status_code for address in (mine, START)] == [200, 200]
    for address in (mine, START):
        assert "Not for others" not in text(client.get(address))


def test_more_than_anybody_writes_is_not_kept(client, cast):
    client.post(page(bare_draft(cast), "reasons"), {"purpose": "x" * 50_001})

    assert "unsent" not in client.session


def test_what_is_typed_after_it_was_sent_is_refused_but_kept(proposer, cast):
    case = w.draft(cast)
    typed = reasons(case, purpose="Better words")
    proposing.submit(case_id=case.pk, actor=cast.proposer)

    answer = proposer.post(page(case, "reasons"), typed)

    assert answer.status_code == 409
    assert answer.context["form"]["purpose"].value() == "Better words"


def test_sending_twice_is_an_ordinary_answer(proposer, cast):
    case = w.draft(cast)
    once = proposer.post(page(case, "summary"), {"seen": case.head_seq})

    twice = proposer.post(page(case, "summary"), {"seen": case.head_seq})

    assert (once.url, twice.url) == (case.get_absolute_url(),) * 2
    assert [str(message) for message in get_messages(twice.wsgi_request)][-1] == (
        "This has been sent already. Here you see how it goes on."
    )
    assert case.events.filter(verb=Verb.SUBMIT).count() == 1


@pytest.mark.parametrize(
    "step", ["partners", "new-partner", "about", "reasons", "summary", "resume"]
)
def test_a_draft_is_not_there_for_anybody_else(cast, browser, step):
    case = bare_draft(cast)

    for person in (cast.leader, cast.officer, cast.decider, cast.stranger):
        assert browser(person).get(page(case, step)).status_code == 404
        assert browser(person).post(page(case, step), {}).status_code == 404


@pytest.mark.parametrize("step", ["partners", "about", "reasons", "summary"])
def test_a_sent_case_is_shown_instead_of_its_steps(proposer, cast, step):
    case = w.proposed(cast)

    assert proposer.get(page(case, step)).url == case.get_absolute_url()


def test_the_steps_are_for_its_owner_and_not_for_those_who_handle_it(cast, browser):
    case = w.returned(cast)

    assert browser(cast.officer).get(page(case, "about")).status_code == 404


@pytest.mark.parametrize("who", ["leader", "officer", "decider", "auditor"])
@pytest.mark.parametrize("address", [START, "/new/partner/"])
def test_who_may_not_propose_is_told_before_filling_anything_in(
    cast, browser, who, address
):
    assert browser(getattr(cast, who)).get(address).status_code == 403


# Returned cases -------------------------------------------------------------------


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


# What is offered ------------------------------------------------------------------


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


def test_the_search_works_without_javascript(proposer, partner):
    answer = proposer.get(START, {"q": "tromso"})

    button = f'name="partner" value="{partner.public_id}"'
    assert button in text(answer)
    assert button not in text(proposer.get(START, {"q": "nowhere"}))


def test_the_summary_names_who_looks_at_it_and_what_may_be_shared(proposer, cast):
    answer = text(proposer.get(page(w.draft(cast), "summary")))

    assert "The case officer (Odd Officer) looks at it" in answer
    assert "high-level talk only" in answer


def test_a_long_partner_name_fits_into_the_working_title(proposer):
    long = r.partner("A" * 300)

    proposer.post(START, {"partner": long.public_id})

    assert len(Case.objects.get().title) == 300
