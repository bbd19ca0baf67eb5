"""Two assessments of a case side by side, as they were frozen. Nothing is written.

What is compared are the snapshots: what stood there at completion, not what the
register says today. An open assessment is taken as it stands now.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from register.choices import IndicatorValue, ReferenceKind, Risk, ScreeningResult
from workflows.choices import Conclusion, GateResult, Track
from workflows.models import Assessment, Case
from workflows.questions.asking import Scope
from workflows.questions.comparing import changed_questions
from workflows.questions.pack import Pack, Question
from workflows.questions.sides import Cell, Part, Row, beside
from workflows.services.snapshotting import snapshot
from workflows.sheets import Sheet

STANDING = ("track", "track_because", "inherent", "risk", "mitigation", "not_raised")
VALUES = dict(IndicatorValue.choices) | dict(ScreeningResult.choices)


@dataclass(frozen=True)
class Side:
    """An assessment as it is told."""

    assessment: Assessment
    told: Mapping[str, Any]
    pack: Pack
    # What an open assessment asks, or may still ask while its track is not chosen.
    asked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, assessment: Assessment) -> "Side":
        pack = assessment.catalogue.pack
        stands = {name: getattr(assessment, name) for name in STANDING}
        if assessment.snapshot:  # the first snapshots held answers only
            return cls(assessment, stands | json.loads(assessment.snapshot), pack)
        sheet = Sheet(assessment)
        risk = {"inherent": sheet.weighing.inherent, "risk": sheet.residual}
        screened = assessment.track != Track.UNDECIDED
        questions = sheet.asked if screened else sheet.scope.questions
        asked = frozenset(question.code for question in questions)
        return cls(assessment, snapshot(sheet) | risk, pack, asked)

    def applies(self, question: Question) -> bool:
        """Whether it can be asked at all at this moment."""
        assessment = self.assessment
        scope = Scope(self.pack, assessment.moment, assessment.case.case_type)
        return scope.applies(question)

    def by(self, key: str, name: str) -> dict[str, dict[str, Any]]:
        """The rows of a part of the snapshot under one of their values."""
        return {row[name]: row for row in self.told.get(key, ())}


def contrast(case: Case, old: Assessment, new: Assessment) -> list[Part]:
    """Everything that the two tell, beside one another."""
    before, after = Side.of(old), Side.of(new)
    parts = [
        Part(_("Track and risk"), _head(before, after)),
        *_topics(before, after),
        Part(_("Opinions"), _opinions(before, after)),
        Part(_("Gates"), _gates(before, after)),
        Part(_("What reference data said"), _indicators(before, after)),
        Part(_("Documents"), _documents(case, before, after)),
    ]
    return [part for part in parts if part.rows]


# Track and risk -------------------------------------------------------------------
def _head(old: Side, new: Side) -> list[Row]:
    rows = [
        (_("Track"), _track),
        (_("Inherent risk"), lambda side: _risk(side, "inherent")),
        (_("Residual risk"), lambda side: _risk(side, "risk")),
        (_("People's judgement of the risk"), _judgements),
        (_("What is done about the risk"), lambda side: _text(side, "mitigation")),
        (_("Why the proposed higher risk was not taken"), _not_raised),
        (_("Conclusion"), lambda side: Cell(words=side.assessment.conclusion)),
    ]
    compared = [
        beside(title, cell(old), cell(new), is_waiting=_is_waiting(new, cell(new)))
        for title, cell in rows
    ]
    return [row for row in compared if row.old != Cell() or row.new != Cell()]


def _is_waiting(side: Side, cell: Cell | None) -> bool:
    return side.assessment.is_open and cell in (None, Cell())


def _track(side: Side) -> Cell:
    because = [
        f"{question.text} – {_options(question, row['options'])}"
        for code in side.told.get("track_because", ())
        if (question := side.pack.by_code.get(code))
        and (row := side.by("answers", "question").get(code))
    ]
    words = side.assessment.track_words or "; ".join(because)
    return Cell(str(Track(side.told.get("track", "")).label), words)


def _risk(side: Side, name: str) -> Cell:
    return Cell(level=int(side.told.get(name) or 0))


def _judgements(side: Side) -> Cell:
    said = [
        _("%(risk)s: %(reason)s") % {"risk": Risk(one["to"]).label, **one}
        for one in side.told.get("judgements", ())
    ]
    return Cell(words="\n".join(said))


def _text(side: Side, name: str) -> Cell:
    return Cell(words=side.told.get(name, ""))


def _not_raised(side: Side) -> Cell:
    return _text(side, "not_raised")


# Answers --------------------------------------------------------------------------
def _topics(old: Side, new: Side) -> list[Part]:
    before, after = old.by("answers", "question"), new.by("answers", "question")
    reworded = changed_questions(old.pack, new.pack)
    topics = (*old.pack.topics, *new.pack.topics)
    parts = {topic.code: Part(topic.text) for topic in topics}
    for question in _questions(old.pack, new.pack):
        code = question.code
        if code in before or code in after:
            answer = _answer(new.pack, after.get(code))
            row = beside(
                question.text,
                _answer(old.pack, before.get(code)),
                answer,
                code=code,
                is_reworded=code in reworded and code in before and code in after,
                is_waiting=code in new.asked and _is_waiting(new, answer),
                is_not_asked=not new.applies(question),
            )
            parts[question.topic].rows.append(row)
    return list(parts.values())


def _questions(old: Pack, new: Pack) -> Iterable[Question]:
    yield from new
    yield from (question for question in old if question.code not in new.by_code)


def _answer(pack: Pack, row: Mapping[str, Any] | None) -> Cell | None:
    question = pack.by_code.get(row["question"]) if row else None
    if row is None or question is None:
        return None
    facts = [
        " · ".join(
            f"{each.text}: {fact[each.code]}"
            for each in question.fields
            if fact.get(each.code)
        )
        for fact in row.get("facts", ())
    ]
    return Cell(
        choice=_options(question, row["options"]),
        words="\n".join(filter(None, [row.get("comment", ""), *facts])),
        level=question.level_of(frozenset(row["options"])),
    )


def _options(question: Question, codes: Iterable[str]) -> str:
    chosen = set(codes)
    return ", ".join(o.text for o in question.options if o.code in chosen)


# What it rests on -----------------------------------------------------------------
def _opinions(old: Side, new: Side) -> list[Row]:
    def cell(row: Mapping[str, Any]) -> Cell:
        given = row["conclusion"]
        said = Conclusion(given).label if given else _("not given yet")
        return Cell(str(said), row["text"])

    before, after = old.by("opinions", "role"), new.by("opinions", "role")
    return [
        beside(new.pack.role(role), *_both(before, after, role, cell))
        for role in dict.fromkeys([*after, *before])
    ]


def _gates(old: Side, new: Side) -> list[Row]:
    def cell(row: Mapping[str, Any]) -> Cell:
        result = row["result"]
        said = GateResult(result).label if result else _("open")
        return Cell(str(said), row["reference"])

    before, after = old.by("gates", "code"), new.by("gates", "code")
    actions = {**old.pack.actions, **new.pack.actions}
    return [
        beside(actions[code].title, *_both(before, after, code, cell))
        for code in dict.fromkeys([*after, *before])
        if code in actions
    ]


def _indicators(old: Side, new: Side) -> list[Row]:
    def rows(side: Side) -> dict[str, list[Any]]:
        return {f"{one[0]} {one[2]}": one for one in side.told.get("indicators", ())}

    def cell(one: list[Any]) -> Cell:
        _kind, value, _source, edition, _day, about = one
        said = VALUES.get(value, value) if value else _("names none of the countries")
        named = ", ".join(about) if value else ""
        return Cell(str(said), " – ".join(filter(None, [edition, named])))

    before, after = rows(old), rows(new)
    return [
        beside(
            f"{ReferenceKind(kind).label} ({source})",
            *_both(before, after, key, cell),
        )
        for key, (kind, _value, source, *_rest) in {**before, **after}.items()
    ]


def _documents(case: Case, old: Side, new: Side) -> list[Row]:
    before = set(old.told.get("documents", ()))
    after = set(new.told.get("documents", ()))
    titles = {d.sha256: d.title for d in case.documents.all()} if before | after else {}
    there = Cell(_("there"))
    return [
        beside(
            titles.get(key, key),
            there if key in before else None,
            there if key in after else None,
        )
        for key in sorted(before | after, key=lambda key: titles.get(key, key))
    ]


def _both(before: Any, after: Any, key: str, cell: Any) -> tuple[Any, Any]:
    return (
        cell(before[key]) if key in before else None,
        cell(after[key]) if key in after else None,
    )
