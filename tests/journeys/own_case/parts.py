"""By the part that somebody has in the case, or had."""

from register.choices import Role
from register.clock import local_today
from tests.factories import workflows as w
from tests.journeys.own_case.scene import browser, page, posted, told, way
from workflows.choices import HandedPart, Verb
from workflows.policies.people import CONFLICTED, OWN_PROPOSAL
from workflows.services import (
    amending,
    assessing,
    deciding,
    declaring,
    handing_over,
    handling,
    proposing,
    recommending,
)

PART = "their part in the case, which comes before every role"
HISTORY = "the history: whoever prepared it does not decide it"
PREPARED = "You helped to prepare this decision; another person must make it."
ASSESSED = "You assessed this case; another person must decide."
NOT_A_DECIDER = "Only a decider of the unit may do this."
TODAY = local_today()


@way("The proposer is a decider and decides", kept_by=PART, answer=OWN_PROPOSAL)
def directly(s):
    s.decides(s.decider(s.cast.proposer))


@way("The same, posted straight to its page", kept_by=PART, answer=OWN_PROPOSAL)
def on_the_page(s):
    client = browser(s.decider(s.cast.proposer))
    return told(client.post(page("decide", s.case), posted(s.case)))


@way("The responsible person decides", kept_by=PART, answer=OWN_PROPOSAL)
def as_responsible(s):
    s.decides(s.cast.decider, s.another(responsible=s.cast.decider))


@way(
    "Whoever answered for it until it was handed over decides",
    kept_by="the list of all who ever answered for the case",
    answer=OWN_PROPOSAL,
)
def after_handing_over(s):
    case = s.another(responsible=s.cast.decider)
    handing_over.hand_over(
        case_id=case.pk,
        actor=s.cast.officer,
        part=HandedPart.RESPONSIBLE,
        to=s.given(s.cast.adviser, Role.PROPOSER),
        reason="So that it can be decided.",
    )
    s.decides(s.cast.decider, case)


@way(
    "Whoever answered for the draft, until its proposer named another, decides",
    kept_by="the list of all who ever answered for the case",
    answer=OWN_PROPOSAL,
)
def after_leaving_the_draft(s):
    draft = w.draft(s.cast, responsible=s.cast.decider)
    by = {"case_id": draft.pk, "actor": s.cast.proposer}
    amending.amend(**by, responsible=s.cast.proposer)
    proposing.submit(**by)
    by["actor"] = s.cast.officer
    assessing.complete(**by, conclusion="Harmless.")
    w.recommend(s.cast, draft)
    deciding.ask(**by)
    s.decides(s.cast.decider, draft)


@way(
    "The proposer withdraws it and proposes a copy, decided by themselves",
    kept_by=PART,
    answer=OWN_PROPOSAL,
)
def by_a_copy(s):
    first = w.quickly_sent(s.cast)
    by = {"actor": s.cast.proposer, "reason": "Anew."}
    handling.with_reason(case_id=first.pk, verb=Verb.WITHDRAW, **by)
    copy = s.another()
    s.decides(s.decider(s.cast.proposer), copy)


@way("Whoever completed the assessment decides", kept_by=HISTORY, answer=ASSESSED)
def as_assessor(s):
    s.decides(s.decider(s.cast.officer))


@way("Whoever asked for the decision decides", kept_by=HISTORY, answer=PREPARED)
def as_asker(s):
    s.decides(s.cast.decider, asked_by(s, s.cast.decider))


def asked_by(s, person):
    """Somebody else has assessed it."""
    case = w.quickly_sent(s.cast)
    assessing.complete(case_id=case.pk, actor=s.cast.officer, conclusion="Fine.")
    w.recommend(s.cast, case)
    asker = s.given(person, Role.CASE_OFFICER)
    deciding.ask(case_id=case.pk, actor=asker)
    return s.lawful(case)


@way("Whoever recommended it decides", kept_by=HISTORY, answer=PREPARED)
def as_recommender(s):
    s.decides(s.decider(s.cast.leader))


@way("Whoever mended its facts decides", kept_by=HISTORY, answer=PREPARED)
def as_editor(s):
    editor = s.given(s.cast.decider, Role.CASE_OFFICER)
    amending.amend(case_id=s.case.pk, actor=editor, title="A better title")
    s.decides(editor)


@way(
    "A decider reopens it, assesses it anew, lets it be asked for and decides",
    kept_by=HISTORY,
    answer=ASSESSED,
)
def by_reopening(s):
    person = s.given(s.cast.decider, Role.CASE_OFFICER)
    by = {"case_id": s.case.pk, "actor": person}
    handling.with_reason(**by, verb=Verb.REOPEN_ASSESSMENT, reason="Look again.")
    assessing.complete(**by, conclusion="Harmless after all.")
    recommending.recommend(
        case_id=s.case.pk, actor=s.cast.leader, is_for=True, reasons="It fits."
    )
    deciding.ask(case_id=s.case.pk, actor=s.cast.officer)
    s.decides(person)


@way(
    "A decider decides on an assessment that has been reopened",
    kept_by="the state of the case",
    answer="“Approve” is possible when a case is: Assessed. It is now: Proposed.",
)
def on_a_reopened_assessment(s):
    by = {"case_id": s.case.pk, "actor": s.cast.officer, "reason": "Look again."}
    handling.with_reason(**by, verb=Verb.REOPEN_ASSESSMENT)
    s.decides(s.cast.decider)


@way(
    "With two tabs open: decided as it stood before its facts were changed",
    kept_by="the number of the last event that the page showed",
    answer="Somebody was faster",
)
def by_two_tabs(s):
    client, old = browser(s.cast.decider), posted(s.case)
    client.get(page("decide", s.case))
    by = {"case_id": s.case.pk, "actor": s.cast.officer}
    amending.amend(**by, title="Something else altogether")
    return told(client.post(page("decide", s.case), old)).partition(":")[0]


@way(
    "Following the link of the mail decides",
    kept_by="a page that is only opened changes nothing",
    answer=200,
)
def by_a_mail_link(s):
    return browser(s.cast.decider).get(page("decide", s.case)).status_code


@way(
    "Somebody who declared a conflict of interest decides",
    kept_by="their own declaration",
    answer=CONFLICTED,
)
def in_spite_of_a_conflict(s):
    grounds = {"has_conflict": True, "grounds": ["family"], "text": "A sister."}
    declaring.declare(case_id=s.case.pk, actor=s.cast.decider, **grounds)
    s.decides(s.cast.decider)
