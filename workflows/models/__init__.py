"""How it moves. One noun a file; this list names each model once."""

from workflows.models.assessment import Answer, Assessment
from workflows.models.batch import ImportBatch
from workflows.models.case import Case
from workflows.models.catalogue import AnswerOption, Catalogue, Question, Topic
from workflows.models.decision import Condition, Decision
from workflows.models.event import CaseEvent, EventPayload
from workflows.models.review import Review
from workflows.models.termination import Termination

__all__ = [
    "Answer",
    "AnswerOption",
    "Assessment",
    "Case",
    "CaseEvent",
    "Catalogue",
    "Condition",
    "Decision",
    "EventPayload",
    "ImportBatch",
    "Question",
    "Review",
    "Termination",
    "Topic",
]
