"""How people walk through the pages: nothing but what a page shows them and what they
send from it. Every step ends on the page that the browser lands on."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from django.urls import reverse
from django.utils import formats

from register.clock import local_today
from register.models import User
from tests.factories import register as r
from tests.factories import workflows as w
from tests.journeys.paper import Form, forms_of, questions_on, words
from workflows import deadlines
from workflows.models import Case


@dataclass(frozen=True)
class Said:
    """One answer: what is ticked, what is written, and the facts of its first row."""

    chosen: str | list[str] | None = None
    comment: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Walk:
    """A case on its way. met: the questions that each person's own pages showed. still:
    how often somebody ticked that last time's answer holds. seen: what was read."""

    cast: r.Cast
    browser: Callable[[User], Client]
    case: Case | None = None
    clients: dict[int, Client] = field(default_factory=dict)
    met: dict[int, set[str]] = field(default_factory=dict)
    still: int = 0
    seen: list[str] = field(default_factory=list)

    def people(self, *parts: str) -> tuple[User, ...]:
        return tuple(getattr(self.cast, part) for part in parts)

    # Pages ---------------------------------------------------------------------------
    def client(self, who: User) -> Client:
        return self.clients.setdefault(who.pk, self.browser(who))

    def at(self, name: str, *more: object, **query: object) -> str:
        args = [self.case.public_id, *more] if self.case else []
        return reverse(f"workflows:{name}", args=args, query=query or None)

    def open(self, who: User, address: str) -> str:
        answer = self.client(who).get(address)
        if answer.status_code == 302 and "/declare/" in answer.url:
            answer = self.client(who).get(self.declare_none(who, answer.url))
        assert answer.status_code == 200, (address, answer.status_code)
        page = answer.content.decode()
        self.seen.append(words(page))
        return page

    def declare_none(self, who: User, address: str) -> str:
        """Asked first: no conflict of interest. Where one goes on."""
        page = self.client(who).get(address).content.decode()
        form = form_for(page, {"has_conflict": ""})
        return self.client(who).post(address, form.sent(has_conflict="no")).url

    def read(self, who: User, name: str, *more: object, **query: object) -> str:
        return words(self.open(who, self.at(name, *more, **query)))

    def send(
        self, who: User, address: str, *, refused: bool = False, **typed: object
    ) -> str:
        """Fill in the page's form and press its button; the words of what comes."""
        form = form_for(self.open(who, address), typed)
        target = urljoin(address, form.action) if form.action else address
        answer = self.client(who).post(target, form.sent(**typed), follow=True)
        self.seen.append(words(answer.content.decode()))
        assert bool(answer.redirect_chain) is not refused, self.seen[-1]
        return self.seen[-1]

    def has_seen(self, sentence: str) -> bool:
        return any(sentence in page for page in self.seen)

    def do(self, who: User, name: str, *more: object, **typed: object) -> str:
        return self.send(who, self.at(name, *more), **typed)

    # Proposing -----------------------------------------------------------------------
    def propose(self, who: User, partner: str, about: Any, why: Any) -> None:
        """The first three steps of a new partnership."""
        address = reverse("workflows:proposal-start", query={"q": partner})
        page = self.open(who, address)
        (key,) = form_for(page, {"partner": ""}).offered["partner"]
        self.send(who, address, partner=key)
        self.case = Case.objects.get()
        self.do(who, "proposal-about", **about)
        self.do(who, "proposal-reasons", **why)

    # Answering -----------------------------------------------------------------------
    def answer(
        self,
        who: User,
        answers: Mapping[str, Said],
        name: str = "",
        leave: Collection[str] = (),
    ) -> None:
        """Answer what one's own page asks, until it asks nothing more: as `answers`
        says, else the harmless answer; “still so” where last time's answer stands.
        What is to be left for later is left blank."""
        query = {} if name else {"topic": "mine"}
        address, done = self.at(name or "assess", **query), set(leave)
        while True:
            shown, form = self.questions(who, address)
            self.met.setdefault(who.pk, set()).update(shown)
            new = [c for c in shown if c not in done and waits(form, c, answers)]
            if not new:
                return
            done.update(new)
            typed: dict[str, object] = {}
            for code in new:
                typed |= typing(form, code, answers.get(code))
            self.still += sum(name.startswith("k_") for name in typed)
            self.send(who, address, **typed)

    def questions(self, who: User, address: str) -> tuple[list[str], Form]:
        page = self.open(who, address)
        shown = questions_on(page)
        return shown, form_for(page, {f"v_{code}": "" for code in shown})

    def confirm(self, who: User) -> int:
        """Confirm what others have proposed in one's field; how many that were."""
        form = form_for(self.open(who, self.at("confirm_answers")), {"questions": ""})
        self.do(who, "confirm_answers")
        return len(form.filled["questions"])

    # Counting ------------------------------------------------------------------------
    def shares(self, *people: User) -> list[int]:
        """How many of the questions each of them met first, and all of them in all."""
        seen: set[str] = set()
        counted = []
        for person in people:
            counted.append(len(self.met[person.pk] - seen))
            seen |= self.met[person.pk]
        everything = self.at("assess", topic="all")
        assert set(questions_on(self.open(people[-1], everything))) == seen
        return [*counted, len(seen)]

    def fresh(self) -> Case:
        assert self.case
        return w.fresh(self.case)

    def come_back(self) -> None:
        """Later: everybody has signed out meanwhile."""
        self.clients.clear()
        self.met.clear()


def form_for(page: str, typed: Mapping[str, object]) -> Form:
    """The form of the page that has these fields."""
    posting = [form for form in forms_of(page) if form.method == "post"]
    fitting = [form for form in posting if typed.keys() <= form.offered.keys()]
    own = [form for form in fitting if "seen" in form.offered] or fitting
    assert own, (sorted(typed), words(page))
    return own[0]


def waits(form: Form, code: str, answers: Mapping[str, Said]) -> bool:
    """Unanswered, or somebody else's that this person sees differently."""
    is_blank = form.filled[f"v_{code}"] == ["0"]
    said = answers.get(code)
    if is_blank or said is None or said.chosen is None:
        return is_blank
    return form.filled.get(f"o_{code}") != _listed(said.chosen)


def typing(form: Form, code: str, said: Said | None) -> dict[str, object]:
    """What is typed and ticked for one question."""
    if f"k_{code}" in form.offered and said is None:
        return {f"k_{code}": "on"}
    said = said or Said()
    question = w.shipped().by_code[code]
    typed: dict[str, object] = {}
    if question.kind != "text":
        typed[f"o_{code}"] = said.chosen or w.harmless(question)
    elif not form.filled[f"c_{code}"][0]:
        typed[f"c_{code}"] = said.comment or "As the proposal says."
    if said.comment:
        typed[f"c_{code}"] = said.comment
    rows = {f"f_{code}_0_{name}": value for name, value in said.facts.items()}
    return typed | rows


def _listed(chosen: str | list[str]) -> list[str]:
    return [chosen] if isinstance(chosen, str) else chosen


def told(day: date) -> str:
    """A day as the pages write it."""
    return formats.date_format(day)


def months_until(day: date) -> int:
    """Within how many months, counted from today."""
    today = local_today()
    return next(n for n in range(100) if deadlines.add_months(today, n) >= day)


def working_days_until(day: date) -> int:
    """How many working days from today it takes to that day."""
    today = local_today()
    return next(n for n in range(100) if deadlines.add_working_days(today, n) >= day)
