"""Write answers: whoever writes, each is kept with who, when and in which role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from register.models import User
from workflows import policies
from workflows.choices import Verb
from workflows.models import Answer, Assessment, Case
from workflows.questions.pack import Question
from workflows.services import consequences
from workflows.services.moving import NotAllowed, Step, WorkflowError, doorway
from workflows.sheets import Sheet, blank


@dataclass(frozen=True)
class Given:
    """What a person answered to one question.

    options: codes. comment: free text; of a text question the answer itself. facts: one
    dictionary a row, by field code. seen: the version of the answer that the person's
    page showed (0 for none), or None where it does not matter. as_before: the person
    says that last time's answer still holds; nothing else is given then.
    """

    options: Sequence[str] = ()
    comment: str = ""
    facts: Sequence[Mapping[str, Any]] = ()
    seen: int | None = None
    as_before: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.options or self.comment.strip() or clean(self.facts))

    def answers(self, question: Question) -> bool:
        return question.is_answered(frozenset(self.options), self.comment)


@dataclass(frozen=True)
class Conflict:
    """Somebody answered the same question meanwhile."""

    question: Question
    theirs: Answer
    mine: Given


class OthersWroteToo(WorkflowError):
    """Carries the answers that came between; nothing was written."""

    def __init__(self, conflicts: Sequence[Conflict]):
        self.conflicts = conflicts
        named = ", ".join(
            f"{one.question.code} ({one.theirs.answered_by})" for one in conflicts
        )
        super().__init__(
            _(
                "Meanwhile these were answered by somebody else: %(questions)s. Their "
                "answers stand beside yours; save again to keep yours."
            )
            % {"questions": named}
        )


@dataclass
class Written:
    """What was stored, and told as [question, old, new]."""

    told: list[list[str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def save_answers(
    *, case_id: int, actor: User, answers: Mapping[str, Given], seen: int | None = None
) -> Assessment:
    """Write the given answers (by question code); the others stay as they are. What
    they bring about follows: track, open points, and once it is sent, opinions and
    gates. Writing what stands there already leaves no event.

    Raises NotAllowed for an answer that the question does not have, and OthersWroteToo
    when an answer has changed since the person saw it.
    """
    with doorway(case_id=case_id, verb=Verb.ANSWER, actor=actor, seen=seen) as step:
        sheet = begun(step)
        write(sheet, answers, step)
    return sheet.assessment


def begun(step: Step) -> Sheet:
    """The open assessment; a first answer to a draft begins it."""
    case: Case = step.case
    if case.open_assessment is None:
        if case.state not in policies.UNSENT:
            raise NotAllowed(str(policies.NO_QUESTIONS))
        case.open_assessment = blank(case)
        case.open_assessment.begun_at = step.at
        case.open_assessment.save()
    return Sheet(case.open_assessment)


def write(sheet: Sheet, answers: Mapping[str, Given], step: Step) -> Written:
    """Store what differs, tell it in the event, and let follow what follows. The caller
    holds the case."""
    meant = {code: _meant(sheet, code, given) for code, given in answers.items()}
    _refuse_overwriting(sheet, meant, step)
    written = Written()
    for code, given in meant.items():
        _write_one(sheet, sheet.pack.by_code[code], given, step, written)
    if not written.told:
        step.is_idle = step.verb == Verb.ANSWER
        return written
    store(written.answers)
    step.payload["answers"] = written.told
    consequences.follow(sheet, step)
    return written


def _meant(sheet: Sheet, code: str, given: Given) -> Given:
    """What a person gives to a question that is asked here; last time's answer where
    they say that it still holds."""
    question = sheet.pack.by_code.get(code)
    if question is None or not sheet.scope.applies(question):
        raise NotAllowed(
            _("Question %(question)s is not asked here.") % {"question": code}
        )
    return _as_last_time(sheet, question, given) if given.as_before else given


def _refuse_overwriting(sheet: Sheet, answers: Mapping[str, Given], step: Step) -> None:
    """Only what somebody else wrote meanwhile; one's own page may lag behind itself."""
    conflicts = [
        Conflict(sheet.pack.by_code[code], kept, given)
        for code, given in answers.items()
        if (kept := sheet.answers.get(code))
        and given.seen is not None
        and given.seen != kept.version
        and kept.answered_by != step.actor
        and _differs(kept, given)
    ]
    if conflicts:
        raise OthersWroteToo(conflicts)


def _differs(kept: Answer, given: Given) -> bool:
    return (
        set(kept.options) != set(given.options)
        or kept.comment != given.comment
        or kept.facts != clean(given.facts)
    )


def clean(facts: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows as they are kept: texts, without empty fields or rows."""
    rows = [{k: str(v) for k, v in row.items() if v not in (None, "")} for row in facts]
    return [row for row in rows if row]


def _write_one(
    sheet: Sheet, question: Question, given: Given, step: Step, written: Written
) -> None:
    kept = sheet.answers.get(question.code)
    if given.is_empty and kept is None:
        return
    given = allowed(question, given)
    if kept and not _differs(kept, given) and kept.is_as_before >= given.as_before:
        return  # who saves a page again takes over nobody's “still so”
    answer = kept or Answer(
        assessment=sheet.assessment, question=question.code, version=0
    )
    written.told.append(
        [question.code, as_told(question, kept), _said(question, given)]
    )
    answer.options, answer.comment = list(given.options), given.comment
    answer.facts, answer.is_as_before = clean(given.facts), given.as_before
    answer.version += 1
    sign(answer, step, is_right=sheet.is_for(question, step.actor))  # type: ignore[arg-type]
    sheet.put(answer)
    written.answers.append(answer)


def sign(answer: Answer, step: Step, *, is_right: bool) -> None:
    """Who wrote it; of the right role it counts at once, else it is a proposal."""
    assert isinstance(step.actor, User)
    answer.answered_by, answer.answered_at = step.actor, step.at
    answer.confirmed_by = step.actor if is_right else None
    answer.confirmed_at = step.at if is_right else None


def _as_last_time(sheet: Sheet, question: Question, given: Given) -> Given:
    last = sheet.last.get(question.code)
    if last is None:
        raise NotAllowed(
            _("Question %(question)s was not answered last time; answer it now.")
            % {"question": question.code}
        )
    return Given(
        last.options, last.comment, last.facts, seen=given.seen, as_before=True
    )


def allowed(question: Question, given: Given) -> Given:
    """The answer as it may be kept. Raises NotAllowed for one that does not exist."""
    chosen = [question.option(code) for code in given.options]
    unknown = [
        code for code, option in zip(given.options, chosen, strict=True) if not option
    ]
    if unknown:
        raise NotAllowed(
            _("“%(answer)s” is not an answer to question %(question)s.")
            % {"answer": ", ".join(unknown), "question": question.code}
        )
    if len(chosen) > 1 and question.kind == "one":
        raise NotAllowed(
            _("Choose one answer to question %(question)s.")
            % {"question": question.code}
        )
    stored = {option.stored_as for option in chosen if option and option.stored_as}
    if stored or _is_outside(question, given):
        return _handled_outside(question, given, stored)
    return given


def _is_outside(question: Question, given: Given) -> bool:
    return any(option.stored_as in given.options for option in question.options)


def _handled_outside(question: Question, given: Given, stored: set[str]) -> Given:
    """What may be graded leaves nothing here but a reference to where it is handled
    (requirement 33): neither which answer, nor a word of text."""
    reference = next(
        (row["reference"] for row in given.facts if row.get("reference")), ""
    )
    facts = [{"reference": str(reference)[:100]}] if reference else []
    return Given(sorted(stored) or given.options, "", facts, given.seen)


def store(answers: Sequence[Answer]) -> None:
    """All at once: a page of questions is two statements, however many there are."""
    columns = [
        *("options", "comment", "facts", "version", "is_as_before"),
        *("answered_by", "answered_at", "confirmed_by", "confirmed_at"),
    ]
    Answer.objects.bulk_update([a for a in answers if a.pk], columns)
    Answer.objects.bulk_create([a for a in answers if not a.pk])


def confirm(
    *, case_id: int, actor: User, questions: Sequence[str], seen: int | None = None
) -> Assessment:
    """The right role confirms proposals as they stand; none of them changes.

    Raises NotAllowed for one that is somebody else's, or no proposal any more.
    """
    verb = Verb.CONFIRM_ANSWERS
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        sheet = begun(step)
        confirmed = [_proposal(sheet, code, actor) for code in questions]
        if not confirmed:
            raise NotAllowed(_("Choose at least one answer to confirm."))
        Answer.objects.filter(pk__in=[answer.pk for answer in confirmed]).update(
            confirmed_by=actor, confirmed_at=step.at, version=F("version") + 1
        )
        step.payload["questions"] = [answer.question for answer in confirmed]
    return sheet.assessment


def _proposal(sheet: Sheet, code: str, actor: User) -> Answer:
    question, answer = sheet.pack.by_code.get(code), sheet.answers.get(code)
    if question is None or answer is None or not answer.is_proposal:
        raise NotAllowed(
            _("The answer to %(question)s is no proposal.") % {"question": code}
        )
    if not sheet.is_for(question, actor):
        raise NotAllowed(
            _("%(question)s is confirmed by: %(who)s.")
            % {
                "question": code,
                "who": ", ".join(sheet.pack.role(role) for role in question.roles),
            }
        )
    return answer


def as_told(question: Question, answer: Answer | None) -> str:
    """An answer in one line, in the words of the writer's language."""
    if answer is None:
        return ""
    return _said(question, Given(answer.options, answer.comment, answer.facts))


def _said(question: Question, given: Given) -> str:
    options = [question.option(code) for code in given.options]
    rows = ["; ".join(str(value) for value in row.values()) for row in given.facts]
    parts = [", ".join(str(o) for o in options if o), given.comment, " / ".join(rows)]
    return " – ".join(filter(None, parts))
