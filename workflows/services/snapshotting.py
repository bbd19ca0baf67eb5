"""The whole of an assessment as one value, to be hashed and kept: what the decision
rests on (workflow 13)."""

from typing import Any

from workflows.models import Answer, Assessor, Evidence, Gate, OpenPoint, Opinion
from workflows.models.answer import RiskChange
from workflows.services.recording import in_utc
from workflows.sheets import Sheet

SNAPSHOT_DOMAIN = "midtveis:assessment:v1\n"
VERSION = 2


def snapshot(sheet: Sheet) -> dict[str, Any]:
    """Answers, opinions, judgements, gates, what the reference data said, and the hash
    of every document, as they stand now. People by their public ids only."""
    assessment = sheet.assessment
    return {
        "v": VERSION,
        "catalogue": assessment.catalogue.version,
        "catalogue_sha256": assessment.catalogue.sha256,
        "moment": assessment.moment,
        "track": assessment.track,
        "track_because": assessment.track_because,
        "inherent": assessment.inherent,
        "risk": assessment.risk,
        "mitigation": assessment.mitigation,
        "not_raised": assessment.not_raised,
        "actions": assessment.actions,
        "answers": [_answer(each) for _code, each in sorted(sheet.answers.items())],
        "opinions": [_opinion(each) for each in _rows(sheet, "opinions", "given_by")],
        "judgements": [_judgement(each) for each in sheet.risk_changes],
        "points": [_point(each) for each in _rows(sheet, "points", "owner")],
        "evidence": [
            _evidence(e) for e in _rows(sheet, "evidence", "added_by", "document")
        ],
        "assessors": [_assessor(each) for each in _rows(sheet, "assessors", "user")],
        "gates": [_gate(g) for g in sheet.case.gates.select_related("cleared_by")],
        "indicators": [
            [f.kind, f.value, f.source, f.edition, str(f.published_on), list(f.about)]
            for f in sheet.reference
        ],
        "documents": sorted(d.sha256 for d in sheet.case.documents.all()),
    }


def _rows(sheet: Sheet, name: str, *related: str) -> Any:
    return getattr(sheet.assessment, name).select_related(*related).order_by("id")


def _person(user: Any) -> str:
    return str(user.public_id) if user else ""


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "options": sorted(answer.options),
        "comment": answer.comment,
        "facts": answer.facts,
        "by": _person(answer.answered_by),
        "at": in_utc(answer.answered_at),
        "confirmed_by": _person(answer.confirmed_by),
        "as_before": answer.is_as_before,
    }


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "role": opinion.role,
        "because": opinion.because,
        "conclusion": opinion.conclusion,
        "text": opinion.text,
        "by": _person(opinion.given_by),
    }


def _judgement(change: RiskChange) -> dict[str, Any]:
    return {
        "to": change.to_risk,
        "reason": change.reason,
        "by": _person(change.proposed_by),
        "confirmed_by": _person(change.confirmed_by),
    }


def _point(point: OpenPoint) -> dict[str, Any]:
    return {
        "question": point.question,
        "owner": _person(point.owner),
        "due_on": point.due_on.isoformat(),
        "outcome": point.outcome,
        "is_open": point.closed_at is None,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "question": evidence.question,
        "address": evidence.address,
        "quotation": evidence.quotation,
        "seen_on": evidence.seen_on.isoformat(),
        "confidence": evidence.confidence,
        "sha256": evidence.document.sha256 if evidence.document else "",
        "by": _person(evidence.added_by),
    }


def _assessor(assessor: Assessor) -> dict[str, Any]:
    rows = assessor.answers.order_by("question")
    return {
        "by": _person(assessor.user),
        "handed_in": assessor.handed_in_at is not None,
        "red_flag": assessor.red_flag,
        "answers": [[each.question, sorted(each.options)] for each in rows],
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "code": gate.code,
        "because": gate.because,
        "result": gate.result,
        "reference": gate.reference,
        "cleared_by": _person(gate.cleared_by),
    }
