"""Many assessments at once, in as many statements as one. Nothing is written here."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from register.choices import Risk
from register.clock import local_today
from workflows.choices import Track
from workflows.models import (
    Answer,
    Assessment,
    Case,
    CaseEvent,
    Catalogue,
    Decision,
    Declaration,
    DelegationTable,
    Evidence,
    Gate,
    Recommendation,
    Review,
)
from workflows.sheets import Sheet

ANSWERS = Prefetch(
    "answers",
    Answer.objects.filter(assessor=None).select_related("answered_by", "confirmed_by"),
    to_attr="answers_of_the_case",
)


def sheets_of(assessments: QuerySet[Assessment]) -> list[Sheet]:
    """Each with its answers and what decides on its questions."""
    rows = assessments.prefetch_related("catalogue", "case__agreements", ANSWERS)
    return [_laid_out(assessment) for assessment in rows]


def sheets_to_act_on(assessments: QuerySet[Assessment]) -> list[Sheet]:
    """The same, each with its case and what the policies ask of it."""
    sheets = sheets_of(with_case(assessments))
    know_acts(sheet.case for sheet in sheets)
    return sheets


def _laid_out(assessment: Any) -> Sheet:
    sheet = Sheet(assessment)
    if assessment.is_open:
        sheet.case.open_assessment = assessment
    sheet.answers = {one.question: one for one in assessment.answers_of_the_case}
    return sheet


def whole_sheets_of(assessments: QuerySet[Assessment]) -> list[Sheet]:
    """Each with everything that is told about it."""
    told = assessments.select_related("completed_by").prefetch_related(
        "evidence__document",
        "evidence__added_by",
        "points__owner",
        "risk_changes__proposed_by",
        "risk_changes__confirmed_by",
    )
    sheets = sheets_of(told)
    for sheet in sheets:
        sheet.risk_changes = list(sheet.assessment.risk_changes.all())
        sheet.evidence = _by_question(sheet.assessment.evidence.all())
    return sheets


def _by_question(rows: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for row in rows:
        if row.opinion_id is None:
            found.setdefault(row.question, []).append(row)
    return found


def held_up_by(proposals: QuerySet[Answer], roles: frozenset[str]) -> set[int]:
    """Keys of the assessments that one of the proposals may hold up until one of the
    roles confirms it; only what decides on that is read."""
    rows = list(proposals.order_by().values_list(*WHAT_HOLDS_UP))
    packs = Catalogue.objects.in_bulk({row[1] for row in rows}) if rows else {}
    return {
        assessment
        for assessment, catalogue, track, code, options in rows
        if (question := packs[catalogue].pack.by_code.get(code))
        and roles.intersection(question.roles)
        and (
            track == Track.FULL or question.level_of(frozenset(options)) >= Risk.MEDIUM
        )
    }


WHAT_HOLDS_UP = (
    *("assessment", "assessment__catalogue", "assessment__track"),
    *("question", "options"),
)


def with_case(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return assessments.select_related("case__unit").prefetch_related("case__partners")


def with_unit(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("unit").prefetch_related("partners")


def by_case(rows: QuerySet[Any]) -> Iterable[tuple[Case, list[Any]]]:
    """The rows of each case together; the case knows its open assessment."""
    found: dict[int, tuple[Case, list[Any]]] = {}
    related = ("assessment__case__unit",)
    for row in rows.select_related(*related).prefetch_related(
        "assessment__case__partners"
    ):
        case = row.assessment.case
        case, together = found.setdefault(case.pk, (case, []))
        together.append(row)
        case.open_assessment = row.assessment
    know_acts(case for case, _rows in found.values())
    return found.values()


STANDING = (
    Prefetch(
        "assessments",
        Assessment.objects.filter(abandoned_at=None)
        .order_by("-completed_at", "-id")
        .defer("snapshot")
        .prefetch_related("catalogue", "opinions"),
        to_attr="assessments_now",
    ),
    Prefetch(
        "decisions",
        Decision.objects.filter(decided_at=None, withdrawn_at=None)
        .select_related("rule__table")
        .prefetch_related("rule__table__rules"),
        to_attr="decisions_now",
    ),
    Prefetch(
        "reviews",
        Review.objects.filter(decided_at=None, cancelled_at=None).select_related(
            "assessment"
        ),
        to_attr="reviews_now",
    ),
    Prefetch(
        "gates",
        Gate.objects.filter(cleared_at=None).prefetch_related("assessment__catalogue"),
        to_attr="gates_now",
    ),
    Prefetch(
        "recommendations",
        Recommendation.objects.filter(withdrawn_at=None),
        to_attr="recommended_now",
    ),
    "agreements",
)


def as_they_stand(cases: QuerySet[Case]) -> list[Case]:
    """The cases with what the policies ask of each before it is decided."""
    found: list[Any] = list(cases.prefetch_related(*STANDING))
    tables = tables_of(found)
    for case in found:
        frozen = [one for one in case.assessments_now if one.is_frozen]
        opened = [one for one in case.assessments_now if one.is_open]
        case.last_assessment = next(iter(frozen), None)
        case.open_assessment = next(iter(opened), None)
        case.open_decision = next(iter(case.decisions_now), None)
        case.coming_review = next(iter(case.reviews_now), None)
        case.open_gates = case.gates_now
        case.recommended = case.recommended_now
        if not (case.open_decision and case.open_decision.rule):
            case.delegation = tables[case.unit.institution_key]
    know_acts(found)
    return found


def know_acts(cases: Iterable[Case]) -> None:
    """Tell each of the cases who has done what in it, and what they declared: what the
    policies ask of everybody who acts."""
    found = list(cases)
    keys = {case.pk for case in found}
    traces: dict[int, list[Any]] = defaultdict(list)
    declared: dict[int, dict[int, bool]] = defaultdict(dict)
    if keys:
        for key, *act in CaseEvent.objects.filter(case__in=keys).last_acts():
            traces[key].append(act)
        said = Declaration.objects.filter(case__in=keys).standing()
        for key, user, conflict in said.values_list("case", "user", "has_conflict"):
            declared[key][user] = conflict
    for case in found:
        case.traces, case.declared = traces[case.pk], declared[case.pk]


def tables_of(cases: Iterable[Case]) -> dict[int, DelegationTable]:
    """The delegation tables in force today, by the keys of the cases' institutions."""
    keys = {case.unit.institution_key for case in cases}
    if not keys:
        return {}
    return DelegationTable.objects.in_force_at(keys, local_today())
