"""The dry run counts exactly what would be decided or recommended otherwise."""

from collections import Counter

from tests.factories import delegation as d
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import Case, DelegationTable
from workflows.services import amending, delegating
from workflows.services.rehearsing import rehearse


def cases_of_every_kind(cast):
    """One of most states and risks, two with agreements, one elsewhere."""
    w.draft(cast)
    w.proposed(cast)
    w.rejected(cast)
    w.terminated(cast)
    w.asked(cast)
    w.assessed(cast)
    w.suspended(cast)
    w.assessed(cast, given={"EXP_5": "yes"})
    w.assessed(cast, given={"PRI_1": "outside-EEA"})
    for kind in ("licence", "nda"):
        case = w.approved(cast, case_type="framework")
        amending.add_agreement(
            case_id=case.pk, actor=cast.officer, kind=kind, status="signed"
        )


def by_brute_force(cast, draft):
    """Publish it for real, ask each open case for its line, and take it back."""
    rows = Case.objects.select_related("unit")
    open_ones = [
        case
        for case in rows
        if case.state in ("assessed", "approved", "under_review", "suspended")
        and case.open_decision is None
    ]
    before = {case.pk: case.rule for case in open_ones}
    by = {"actor": cast.administrator, "table_id": draft.pk}
    day = w.local_today()
    delegating.plan(**by, seen=draft.fingerprint, valid_from=day, note="For now.")
    draft.refresh_from_db()
    delegating.publish(**by, seen=draft.fingerprint)
    found = Counter()
    for pk, old in before.items():
        new = w.fresh(Case(pk=pk)).rule
        if old and told(old) != told(new):
            found[old.risk, old.decides, new.decides] += 1
    return len(open_ones), found


def told(rule):
    return rule.decides, set(rule.recommends), rule.opinions


def test_the_dry_run_counts_what_a_recount_finds(cast):
    cases_of_every_kind(cast)
    draft = d.draft(cast)
    for cells in (
        d.line(1, recommends=["faculty"], decides="department"),
        d.line(1, agreement_kind="licence", decides="institution"),
        d.line(2, decides="institution", opinions="one"),
    ):
        d.write(draft, cast.administrator, cells)

    found = rehearse(draft, w.local_today())
    shifts = {(x.risk, x.before, x.after): x.cases for x in found.shifts}

    cases, expected = by_brute_force(cast, DelegationTable.objects.get(pk=draft.pk))
    assert (found.cases, shifts) == (cases, dict(expected))
    assert found.changed == sum(expected.values()) > 2
    assert (1, "department", "institution") in shifts


def test_an_unchanged_copy_would_change_nothing(cast):
    cases_of_every_kind(cast)

    found = rehearse(d.draft(cast), w.local_today())

    assert (found.changed, found.shifts) == (0, [])
    assert found.cases > 0


def test_cases_of_another_institution_are_not_counted(cast):
    w.assessed(cast)
    elsewhere = r.Cast()
    draft = d.draft(elsewhere)

    assert rehearse(draft, w.local_today()).cases == 0


def test_it_asks_the_same_however_many_cases(cast, django_assert_num_queries):
    for _ in range(3):
        w.assessed(cast)
    draft = d.draft(cast)

    with django_assert_num_queries(6):
        rehearse(
            DelegationTable.objects.select_related("institution").get(pk=draft.pk),
            w.local_today(),
        )


def test_a_missing_line_is_counted_as_decided_by_nobody(cast):
    w.assessed(cast)
    draft = d.draft(cast)
    draft.rules.filter(risk=1).delete()

    (shift,) = rehearse(draft, w.local_today()).shifts
    assert (shift.before, shift.after, shift.cases) == ("department", "", 1)
