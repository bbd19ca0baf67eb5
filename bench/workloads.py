"""What is measured: who asks the product for what, and the floor for the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from register.choices import CaseState
from register.filters import SORTS
from register.models import Cooperation, Unit, User
from register.queries import cooperations_visible_to

REGISTER = "/register/"
DEEP = 0.9


@dataclass(frozen=True)
class Visit:
    """One request; with `fields` it is a form that is sent."""

    path: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workload:
    """The visits are made in turn. `lists` the same cases on both sides."""

    name: str
    says: str
    user: User
    page: Sequence[Visit]
    floor: Sequence[Visit]
    lists: bool = False


def workloads(changes: int) -> Iterator[Workload]:
    """changes: how many cases may be sent back, each once."""
    officer = User.objects.get(username="officer")
    auditor = User.objects.get(username="auditor")
    yield listing("register", "the register, newest change first", officer)
    yield listing("restricted", "the same for 3 of 40 units", auditor)
    yield filtered(officer)
    yield deep(officer)
    yield listing("last", "the last page", officer, "before=end", "before=end")
    yield from one_case(officer)
    yield change(officer, changes)


def listing(
    name: str, says: str, user: User, page: str = "", floor: str = ""
) -> Workload:
    visits = [[Visit(f"{REGISTER}?{query}".rstrip("?"))] for query in (page, floor)]
    return Workload(name, says, user, *visits, lists=True)


def filtered(user: User) -> Workload:
    unit = Unit.objects.filter(kind="faculty").first()
    chosen = {"state": "running", "country": "SE", "unit": unit.pk, "q": "baltic net"}
    says = "three filters and two words of text"
    return listing("filtered", says, user, urlencode(chosen), urlencode(chosen))


def deep(user: User) -> Workload:
    """The page after nine tenths of the rows."""
    visible = cooperations_visible_to(user)
    order, _label = SORTS[0]
    place = int(visible.count() * DEEP)
    row = order.sort(visible).values("pk", "public_id", *order.columns)[place]
    ours = urlencode({"after": order.write(row)})
    floors = urlencode({"after": f"{row['last_event_at'].isoformat()},{row['pk']}"})
    return listing("deep", "a page after 90 % of the rows", user, ours, floors)


def one_case(user: User) -> Iterator[Workload]:
    running = Cooperation.objects.filter(state=CaseState.APPROVED).order_by("pk")
    paths = [f"/cases/{key}/" for key in running.values_list("public_id", flat=True)]
    for name, says, tail in (
        ("case", "the page of a case", ""),
        ("history", "its history, ten events", "history/"),
    ):
        visits = [Visit(f"{path}{tail}") for path in paths[:: len(paths) // 50]]
        yield Workload(name, says, user, visits, visits)


def change(user: User, count: int) -> Workload:
    proposed = Cooperation.objects.filter(state=CaseState.PROPOSED).order_by("pk")
    visits = [
        Visit(
            f"/cases/{public_id}/do/send_back/",
            {"reason": "The budget is missing.", "seen": str(seen)},
        )
        for public_id, seen in proposed.values_list("public_id", "head_seq")[:count]
    ]
    says = "a case sent back by form, with its event and its messages"
    return Workload("change", says, user, visits, visits)
