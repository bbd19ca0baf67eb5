"""An assessment on the table: what is laid down counts at once."""

from register.choices import Risk
from tests.factories import workflows as w
from workflows.sheets import Sheet


def test_an_answer_that_is_laid_down_is_weighed_at_once(cast):
    sheet = Sheet.of(w.proposed(cast))
    before = sheet.weighing.inherent, {"EXP-2"} & {q.code for q in sheet.asked}
    sheet.assessment.track = "full"
    answer = sheet.answers["EXP-1"]
    answer.options = ["yes"]

    sheet.put(answer)

    assert before == (Risk.LOW, set())
    assert sheet.weighing.inherent == Risk.HIGH
    assert "EXP-2" in {question.code for question in sheet.asked}
