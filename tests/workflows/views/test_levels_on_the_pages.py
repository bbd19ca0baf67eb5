"""What each level shows on the pages, and who is written down for having opened it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from register.choices import CaseState, Confidentiality
from register.models import NamedReader, User
from register.services import documents
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import Case, Reading
from workflows.queries import cases_readable_by
from workflows.services import confidentiality
from workflows.services.moving import NotAllowed
from workflows.urls import CASE, NEW, urlpatterns
from workflows.views import acting

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')


def url(name, case, *more):
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def text(response):
    return TOKEN.sub("", response.content.decode())


def restrict(case, actor, *readers):
    confidentiality.set_level(
        case_id=case.pk, actor=actor, level="restricted", reason="Security."
    )
    for person in readers:
        confidentiality.name_reader(
            case_id=case.pk, actor=actor, person=person, reason="Needed."
        )
    return w.fresh(case)


def quick(cast, state="approved", **facts):
    """A case that is asked nothing."""
    w.ask_nothing()
    case = w.quickly_asked(cast, **facts)
    if state == "approved":
        w.deciding.decide(
            case_id=case.pk, actor=cast.decider, verdict="approved", reasons="Good."
        )
    return w.fresh(case)


# Open within the institution ----------------------------------------------------------
def test_who_only_knows_of_an_open_case_gets_its_bare_facts_and_nothing_more(
    cast, browser, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    case = quick(
        cast, title="Ice cores", purpose="Measure ice", expected_value="Big money"
    )
    paper = documents.keep(
        case,
        actor=cast.proposer,
        upload=SimpleUploadedFile("secret.txt", b"ice"),
        kind="agreement",
    )
    employee = r.person(unit=cast.other_department)
    client = browser(employee)
    hidden = client.get(case.get_absolute_url()).status_code
    confidentiality.set_level(
        case_id=case.pk, actor=cast.officer, level="open", reason="Harmless."
    )

    page = client.get(case.get_absolute_url())
    shown = text(page)
    others = {
        client.get(address).status_code
        for address in [
            *(a for a in addresses(case) if a != case.get_absolute_url()),
            paper.get_absolute_url(),
        ]
        if address != url("case-tab", case, "facts")
    }

    assert (hidden, page.status_code, others - {405}) == (404, 200, {404})
    for part in ("Ice cores", "Measure ice", "Pia Proposer", "Approved", case.number):
        assert part in shown
    for part in (
        "Big money",
        "secret.txt",
        "Odd Officer",
        "Dag Decider",
        "Low",
        "tabs",
    ):
        assert part not in shown
    assert not Reading.objects.exists()


def test_the_risk_of_an_open_case_is_told_to_its_readers_only(cast, browser):
    case = quick(cast, title="Ice cores")
    confidentiality.set_level(
        case_id=case.pk, actor=cast.officer, level="open", reason="Harmless."
    )
    employee = r.person(unit=cast.other_department)

    def rows(user, query=""):
        page = browser(user).get(reverse("register:cooperation-list") + query)
        return [(row["title"], str(row["risk_label"])) for row in page.context["rows"]]

    label = case.get_risk_display()
    assert rows(cast.officer) == [("Ice cores", label)]
    assert rows(employee) == [("Ice cores", "")]
    for query in (f"?risk={case.risk}", "?sort=risk", "?flag=not_assessed"):
        assert rows(employee, query) == []
    assert rows(cast.officer, "?sort=-risk") == [("Ice cores", label)]


# Restricted ---------------------------------------------------------------------------
def addresses(case, condition=1, person=None):
    """Every page under a case. A new parameter of an address needs a value."""
    values = {
        "code": ["TEC-1"],
        "point": [1],
        "gate": [1],
        "condition": [condition],
        "tab": ["facts", "assessment", "decisions", "people", "history"],
        "verb": ["send_back", "withdraw", "reopen_assessment", "suspend", "resume"],
        "person": [person or "0" * 8 + "-0000-0000-0000-" + "0" * 12],
    }
    found = []
    for one in urlpatterns:
        if str(one.pattern).startswith((CASE, NEW)):
            (name, *_rest) = [*one.pattern.converters, None][1:]
            more = [[]] if name is None else [[value] for value in values[name]]
            found += [url(one.name, case, *each) for each in more]
    return found


def opened(client, address):
    """Which pages the reading log gained, and whether anything was shown."""
    before = set(Reading.objects.values_list("pk", flat=True))
    response = client.get(address)
    list(response)
    gained = Reading.objects.exclude(pk__in=before)
    return response.status_code, [row.page for row in gained]


def test_every_page_and_file_of_a_restricted_case_is_logged_before_it_is_shown(
    cast, browser, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    case = restrict(quick(cast), cast.officer)
    paper = documents.keep(
        case,
        actor=cast.officer,
        upload=SimpleUploadedFile("secret.txt", b"ice"),
        kind="agreement",
    )
    pages = [*addresses(case), paper.get_absolute_url()]

    officer, auditor = browser(cast.officer), browser(cast.auditor)
    visits = [(officer, page) for page in pages]
    visits += [(auditor, page) for page in pages if "/case" in page][:3]
    answers = {visit: opened(*visit) for visit in visits}

    unlogged = {
        visit: answer
        for visit, answer in answers.items()
        if len(answer[1]) != 1 and answer[0] != 405
    }
    assert unlogged == {}
    assert Reading.objects.filter(page="workflows:document").count() == 1


def test_the_check_above_finds_a_page_that_goes_around_the_log(
    cast, browser, monkeypatch
):
    """A broken twin: the case without the word in the log."""
    case = restrict(quick(cast), cast.officer)
    monkeypatch.setattr(acting, "log_reading", lambda **told: None)

    status, logged = opened(browser(cast.officer), case.get_absolute_url())

    assert (status, logged) == (200, [])


def test_what_cannot_be_logged_is_not_shown(cast, browser, monkeypatch):
    case = restrict(quick(cast), cast.officer)

    def full(**told):
        raise OSError("the disk is full")

    monkeypatch.setattr(acting, "log_reading", full)
    client = browser(cast.officer)
    client.raise_request_exception = False

    assert client.get(case.get_absolute_url()).status_code == 500


def test_who_has_read_it_is_for_the_auditor_who_is_written_down_too(cast, browser):
    case = restrict(quick(cast), cast.officer, cast.decider)
    browser(cast.decider).get(url("case-tab", case, "history"))

    page = browser(cast.auditor).get(url("readings", case))
    others = {
        browser(getattr(cast, part)).get(url("readings", case)).status_code
        for part in ("officer", "decider", "proposer", "adviser", "stranger")
    }

    assert "Dag Decider" in text(page)
    assert "Are Auditor" in text(page)
    assert others == {404}


def test_a_restricted_case_leaves_no_trace_for_who_loses_sight_of_it(cast, browser):
    """Lists, counts, inbox and work: as if it were not there."""
    places = ("my-work", "pack-list")
    pages = [*(reverse(f"workflows:{name}") for name in places)]
    pages += [reverse("register:cooperation-list"), reverse("notifications:inbox")]
    w.ask_nothing()
    client = browser(cast.leader)
    without = [text(client.get(page)) for page in pages]
    case = w.quickly_asked(cast)
    pages.append(case.partners.get().get_absolute_url())
    without.append(text(client.get(pages[-1])).replace("1 cooperation", ""))
    seen = [text(client.get(page)) for page in pages]

    restrict(case, cast.officer)

    hidden = [text(client.get(page)) for page in pages]
    assert seen[2] != without[2]
    assert hidden[:4] == without[:4]
    assert case.title not in hidden[4]


def test_an_overseer_who_is_not_named_neither_reads_nor_acts(cast, browser):
    case = restrict(quick(cast, "asked"), cast.officer)
    answer = {"verdict": "approved", "reasons": "Good."}

    with pytest.raises(NotAllowed, match="do not have access"):
        w.deciding.decide(case_id=case.pk, actor=cast.decider, **answer)
    assert browser(cast.decider).get(url("decide", case)).status_code == 404
    confidentiality.name_reader(
        case_id=case.pk, actor=cast.officer, person=cast.decider, reason="Decides."
    )
    assert browser(cast.decider).get(url("decide", case)).status_code == 200
    w.deciding.decide(case_id=case.pk, actor=cast.decider, **answer)


# Choosing -----------------------------------------------------------------------------
def levels(case, actor, level, reason="Because."):
    confidentiality.set_level(case_id=case.pk, actor=actor, level=level, reason=reason)
    return w.fresh(case).confidentiality


def test_who_may_give_which_level(cast):
    w.ask_nothing()
    case = w.quickly_sent(cast)

    with pytest.raises(NotAllowed, match="Give a reason"):
        levels(case, cast.officer, "open", reason=" ")
    assert levels(case, cast.officer, "open") == "open"
    assert levels(case, cast.proposer, "unit") == "unit"
    with pytest.raises(NotAllowed, match="not open it"):
        levels(case, cast.proposer, "open")
    with pytest.raises(NotAllowed, match="choose who sees it"):
        levels(case, cast.leader, "restricted")
    head = w.fresh(case).head_seq
    assert levels(case, cast.proposer, "unit") == "unit"
    assert w.fresh(case).head_seq == head, "nothing changed, nothing to tell"
    assert levels(case, cast.decider, "restricted") == "restricted"
    named = NamedReader.objects.filter(cooperation=case, ended_at=None)
    assert [one.user for one in named] == [cast.decider], "who restricts keeps sight"


def test_a_draft_is_not_restricted_but_may_be_opened(cast):
    case = w.draft(cast)

    with pytest.raises(NotAllowed, match="after it is sent"):
        levels(case, cast.proposer, "restricted")
    assert levels(case, cast.proposer, "open", reason="") == "open"


def test_only_people_of_the_institution_are_named_and_by_its_own_people_handlers_only(
    cast,
):
    w.ask_nothing()
    case = w.quickly_sent(cast)
    employee = r.person(unit=cast.other_department)
    left = r.person(unit=cast.department, is_active=False)

    def name(actor, person):
        confidentiality.name_reader(
            case_id=case.pk, actor=actor, person=person, reason="Needed."
        )
        return cases_readable_by(User.objects.get(pk=person.pk)).exists()

    for person in (cast.stranger, left, r.person()):
        with pytest.raises(NotAllowed, match="who work at the institution"):
            name(cast.officer, person)
    with pytest.raises(NotAllowed, match="only people who handle"):
        name(cast.proposer, employee)
    assert name(cast.officer, employee)
    restrict(case, cast.proposer)
    assert name(cast.proposer, cast.officer)
    confidentiality.end_reader(
        case_id=case.pk, actor=cast.proposer, person=employee, reason="Done."
    )
    assert not cases_readable_by(User.objects.get(pk=employee.pk)).exists()


def test_the_page_tells_who_sees_it_and_when_nobody_could_decide(cast, browser):
    w.ask_nothing()
    case = w.quickly_sent(cast)
    client = browser(cast.officer)
    asked = {"seen": case.head_seq, "level": "restricted", "reason": "Sensors."}

    client.post(url("readers", case), asked)
    page = text(client.get(url("readers", case)))

    assert w.fresh(case).confidentiality == Confidentiality.RESTRICTED
    assert "has this role: Decider." in page
    assert "has this role: Case officer." not in page
    named = {"seen": w.fresh(case).head_seq, "person": cast.decider.pk, "reason": "x"}
    client.post(url("name_reader", case), named)
    page = text(client.get(url("readers", case)))
    assert "has this role" not in page
    assert "Dag Decider" in page
    ended = {"seen": w.fresh(case).head_seq, "reason": "x"}
    client.post(url("end_reader", case, cast.decider.public_id), ended)
    assert "has this role: Decider." in text(client.get(url("readers", case)))
    assert "Restricted" in text(client.get(case.get_absolute_url()))


def test_the_column_is_guarded(cast):
    case = w.draft(cast)

    with pytest.raises(TypeError, match="written only by"):
        Case.objects.filter(pk=case.pk).update(confidentiality="open")
    assert case.state == CaseState.DRAFT
