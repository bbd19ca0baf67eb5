from datetime import timedelta

from register.choices import CaseState, Risk
from register.clock import local_today
from tests.factories import register as r
from tests.journeys.walking import Said, Walk, number
from workflows import deadlines

EXCHANGE = {
    "PRI-1": Said("inside-EEA"),
    "MOB-1": Said(["incoming", "outgoing"], facts={"role": "Students", "number": 10}),
}
OFFICE = {
    "AGR-1": Said(["exchange"]),
    "SAN-5": Said("within", facts={"screened_on": local_today()}),
}


def test_an_exchange(walk: Walk):
    cast = walk.cast
    r.partner("Universidad de Valdelmar", country="ES", city="Valdelmar")
    today = local_today()
    walk.propose(
        cast.proposer,
        "valdelmar",
        {
            "title": "Student exchange in physics",
            "case_type": "education",
            "starts_on": today + timedelta(days=60),
            "ends_on": deadlines.add_months(today, 7 * 12 + 2),
        },
        {"purpose": "Five students each way."},
    )
    walk.answer(cast.proposer, EXCHANGE, "proposal-questions")
    print(len(walk.met[cast.proposer.pk]), sorted(walk.met[cast.proposer.pk]))
    print(walk.do(cast.proposer, "proposal-summary"))
    page = walk.read(cast.officer, "assess")
    print(page)
    walk.answer(cast.officer, OFFICE)
    print(len(walk.met[cast.officer.pk]), sorted(walk.met[cast.officer.pk]))
    print(walk.asked_in_all(cast.officer))
    print(walk.read(cast.officer, "confirm_answers"))
