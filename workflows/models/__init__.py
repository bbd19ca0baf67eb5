"""How it moves. One noun a file; this list names each model once."""

from workflows.models.answer import Answer, Evidence, OpenPoint, RiskChange
from workflows.models.assessment import Assessment
from workflows.models.assessor import Assessor
from workflows.models.batch import ImportBatch
from workflows.models.case import Case
from workflows.models.catalogue import Catalogue
from workflows.models.confidential import NoteReader, Reading, RestrictedNote
from workflows.models.decision import Condition, Decision
from workflows.models.declaration import Declaration
from workflows.models.delegation import DelegationRule, DelegationTable
from workflows.models.event import CaseEvent, EventPayload
from workflows.models.gate import Gate
from workflows.models.opinion import Opinion
from workflows.models.recommendation import Recommendation
from workflows.models.review import Review
from workflows.models.termination import Termination

__all__ = [
    "Answer",
    "Assessment",
    "Assessor",
    "Case",
    "CaseEvent",
    "Catalogue",
    "Condition",
    "Decision",
    "Declaration",
    "DelegationRule",
    "DelegationTable",
    "EventPayload",
    "Evidence",
    "Gate",
    "ImportBatch",
    "NoteReader",
    "OpenPoint",
    "Opinion",
    "Reading",
    "Recommendation",
    "RestrictedNote",
    "Review",
    "RiskChange",
    "Termination",
]
