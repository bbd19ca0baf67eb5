"""The pages of delegation tables and of a recommendation, by who opens them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from register.choices import Role
from register.clock import local_today
from tests.factories import delegation as d
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import DelegationTable, Recommendation
from workflows.services import looking, recommending

KEEPER = ["administrator"]
READERS = ["officer", "leader", "decider", "adviser", "specialist", "auditor"]
NOBODY = ["proposer"]


def url(name, *args):
    return reverse(f"workflows:delegation-{name}", args=args)


def text(response):
    return " ".join(response.content.decode().split())


def posted(table, **given):
    return {"seen": table.fingerprint, **given}


def line_posted(table, **cells):
    return posted(table, **d.line(**cells))


# Who reads, who keeps -----------------------------------------------------------------
def test_tables_are_read_by_those_who_handle_cases_and_drafts_by_their_keeper(
    cast, browser
):
    shipped = DelegationTable.objects.get(institution=None)
    published, draft = d.publish(cast), d.draft(cast)
    pages = [url("list"), *(url("detail", x.pk) for x in (shipped, published, draft))]

    def statuses(who):
        client = browser(getattr(cast, who))
        return [client.get(page).status_code for page in pages]

    found = {who: statuses(who) for who in (*KEEPER, *READERS, *NOBODY, "stranger")}
    assert found == {
        "administrator": [200, 200, 200, 200],
        **{who: [200, 200, 200, 404] for who in READERS},
        "proposer": [404, 404, 404, 404],
        "stranger": [200, 200, 404, 404],
    }


CHANGING = ["add-line", "dry-run", "publish", "discard"]


@pytest.mark.parametrize("who", ["officer", "decider", "proposer", "stranger"])
def test_only_its_keeper_changes_a_draft(cast, browser, who):
    draft, client = d.draft(cast), browser(getattr(cast, who))
    line = draft.rules.first()
    pages = [
        *(url(name, draft.pk) for name in CHANGING),
        *(url(name, draft.pk, line.pk) for name in ("line", "take-out")),
    ]

    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page).status_code for page in pages} == {404}
    copied = client.post(url("copy"), {"institution": cast.institution.pk})
    assert copied.status_code == 404
    assert DelegationTable.objects.count() == 2


def test_a_published_table_is_not_changed_by_any_page(cast, browser):
    table, client = d.publish(cast), browser(cast.administrator)
    line = table.rules.first()
    pages = [
        *(url(name, table.pk) for name in CHANGING),
        *(url(name, table.pk, line.pk) for name in ("line", "take-out")),
    ]

    for page in pages:
        assert "A published version is never changed" in text(client.get(page))
        assert client.post(page, line_posted(table)).status_code == 403
    assert list(table.rules.all()) == list(
        DelegationTable.objects.get(pk=table.pk).rules.all()
    )


def test_the_navigation_names_delegation_to_administrators_only(cast, browser):
    def shows(who):
        return url("list") in text(browser(getattr(cast, who)).get("/"))

    found = {who: shows(who) for who in ("administrator", "officer", "proposer")}
    assert found == {"administrator": True, "officer": False, "proposer": False}


# From copy to publishing --------------------------------------------------------------
def test_a_table_is_copied_changed_rehearsed_and_published(cast, browser):
    w.assessed(cast, title="Secret sensors")
    client = browser(cast.administrator)
    client.post(url("copy"), {"institution": cast.institution.pk})
    draft = DelegationTable.objects.get(version=2)
    low = draft.rules.get(risk=1)

    client.post(url("line", draft.pk, low.pk), line_posted(draft, decides="faculty"))
    added = line_posted(draft, risk=2, case_type="guest", decides="institution")
    client.post(url("add-line", draft.pk), added)
    page = client.get(url("dry-run", draft.pk))
    assert "Would have changed 1 open case" in text(page)
    assert "Secret sensors" not in text(page)
    (shift,) = page.context["rehearsal"].shifts
    assert (shift.risk, shift.before, shift.after) == (1, "department", "faculty")

    day = local_today() + timedelta(days=9)
    plan = posted(draft, valid_from=day.isoformat(), note="The board wants it.")
    assert client.post(url("dry-run", draft.pk), plan).url == url("publish", draft.pk)
    page = client.get(url("publish", draft.pk))
    assert "Would have changed 1 open case" in text(page)
    draft.refresh_from_db()
    client.post(url("publish", draft.pk), posted(draft))

    draft.refresh_from_db()
    assert (draft.published_by, draft.valid_from) == (cast.administrator, day)
    assert draft.rules.get(risk=1).decides == "faculty"
    assert draft.rules.get(case_type="guest").decides == "institution"
    assert "Coming" in text(client.get(url("list")))


def test_a_line_is_taken_out_and_its_lack_is_told(cast, browser):
    draft, client = d.draft(cast), browser(cast.administrator)
    line = draft.rules.get(risk=2)

    client.post(url("take-out", draft.pk, line.pk), posted(draft))

    told = "Nobody could decide at medium risk"
    assert told in text(client.get(url("detail", draft.pk)))
    assert told in text(client.get(url("dry-run", draft.pk)))
    day = local_today().isoformat()
    client.post(url("dry-run", draft.pk), posted(draft, valid_from=day, note="So."))
    draft.refresh_from_db()
    late = client.post(url("publish", draft.pk), posted(draft))
    assert (late.status_code, told in text(late)) == (409, True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"valid_from": "2020-01-01"}, "Choose today or a later day"),
        ({"valid_from": ""}, "Choose the first day."),
        ({"note": ""}, "Say why the table is changed."),
    ],
)
def test_half_a_plan_is_refused_and_nothing_typed_is_lost(
    cast, browser, given, sentence
):
    draft = d.draft(cast)
    plan = {"valid_from": local_today().isoformat(), "note": "As the board said."}

    page = browser(cast.administrator).post(
        url("dry-run", draft.pk), posted(draft, **plan | given)
    )

    assert (page.status_code, sentence in text(page)) == (422, True)
    assert "note" in given or "As the board said." in text(page)


def test_whoever_was_late_finds_what_they_typed_on_the_draft_as_it_is(cast, browser):
    draft, client = d.draft(cast), browser(cast.administrator)
    typed = line_posted(draft, case_type="guest", decides="institution")
    d.write(draft, cast.administrator, d.line(2, case_type="guest"))

    late = client.post(url("add-line", draft.pk), typed)

    assert late.status_code == 409
    assert "Somebody changed this draft meanwhile" in text(late)
    again = dict(late.context["form"].data.items())
    assert (again["case_type"], again["decides"]) == ("guest", "institution")
    again["recommends"] = ["department"]
    assert client.post(url("add-line", draft.pk), again).status_code == 302


def test_a_second_line_about_the_same_is_refused(cast, browser):
    draft = d.draft(cast)

    page = browser(cast.administrator).post(
        url("add-line", draft.pk), line_posted(draft)
    )

    assert "There is a line about this already" in text(page)
    assert draft.rules.count() == 3


def test_a_line_without_a_recommender_is_refused(cast, browser):
    draft = d.draft(cast)
    typed = line_posted(draft, case_type="guest", recommends=[])

    page = browser(cast.administrator).post(url("add-line", draft.pk), typed)

    assert (page.status_code, "Choose at least one level." in text(page)) == (422, True)


def test_a_draft_is_thrown_away(cast, browser):
    draft = d.draft(cast)

    browser(cast.administrator).post(url("discard", draft.pk), posted(draft))

    assert DelegationTable.objects.filter(institution__isnull=False).count() == 0


@pytest.mark.parametrize("size", [1, 4])
def test_the_list_asks_the_same_however_many(
    cast, browser, size, django_assert_num_queries
):
    for _ in range(size):
        d.publish(cast)
    client = browser(cast.administrator)
    client.get(url("list"))

    with django_assert_num_queries(9):
        client.get(url("list"))


# On the case --------------------------------------------------------------------------
def page_of(case, name):
    return reverse(f"workflows:{name}", args=[case.public_id])


def test_the_leader_recommends_on_a_page_of_its_own(cast, browser):
    case, client = w.assessed(cast), browser(cast.leader)
    page = page_of(case, "recommend")
    assert page in text(client.get("/"))
    typed = {"seen": case.head_seq, "is_for": "no", "reasons": "Too little gained."}

    half = client.post(page, typed | {"is_for": ""})
    assert half.status_code == 422
    assert "Say whether you recommend it." in text(half)
    assert "Too little gained." in text(half)
    done = client.post(page, typed)

    assert done.url == case.get_absolute_url()
    said = Recommendation.objects.get()
    assert (said.is_for, said.reasons) == (False, "Too little gained.")
    assert page not in text(client.get("/"))
    assert "You have said yours" in text(client.get(page))


@pytest.mark.parametrize("who", ["officer", "decider", "adviser", "proposer"])
def test_others_are_told_who_recommends(cast, browser, who):
    case = w.assessed(cast)
    client = browser(getattr(cast, who))
    typed = {"seen": case.head_seq, "is_for": "yes", "reasons": "Fine."}

    page = client.post(page_of(case, "recommend"), typed)

    assert page.status_code == 409
    assert Recommendation.objects.count() == 0


def test_the_decider_reads_who_recommended_what_and_by_which_table(cast, browser):
    case = w.asked(cast)

    page = text(browser(cast.decider).get(page_of(case, "decide")))

    assert "Recommends it" in page
    assert "It fits the unit." in page
    table = DelegationTable.objects.get()
    assert (
        f'<a href="{url("detail", table.pk)}">Delegation table, version 1</a>' in page
    )


def test_the_decisions_tab_and_the_history_name_the_version(cast, browser):
    case = w.approved(cast, given={"PRI_1": "outside-EEA"})
    r.role(cast.officer, Role.UNIT_LEADER, cast.department)
    tab = reverse("workflows:case-tab", args=[case.public_id, "decisions"])
    history = reverse("workflows:case-tab", args=[case.public_id, "history"])
    link = url("detail", DelegationTable.objects.get().pk)

    read = {
        who: text(browser(getattr(cast, who)).get(tab))
        for who in ("auditor", "proposer")
    }

    for page in read.values():
        assert "Delegation table, version 1" in page
        assert "medium risk: Faculty" in page
        assert "Privacy adviser: No objection (Siv Specialist)" in page
        assert "It fits the unit." in page
    assert [link in read[who] for who in ("auditor", "proposer")] == [True, False]
    told = "Delegation table, version 1: decided at Faculty."
    assert text(browser(cast.auditor).get(history)).count(told) == 2


def test_whoever_assesses_blindly_reads_no_recommendation(cast, browser):
    case = w.proposed(cast)
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)
    recommending.recommend(
        case_id=case.pk, actor=cast.leader, is_for=True, reasons="Harmless, I think."
    )
    tab = reverse("workflows:case-tab", args=[case.public_id, "decisions"])

    def reads(who):
        return "Harmless, I think." in text(browser(getattr(cast, who)).get(tab))

    assert [reads(who) for who in ("adviser", "officer")] == [False, True]
