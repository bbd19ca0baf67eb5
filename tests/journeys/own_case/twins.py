"""The broken twins: the product with one of its guards taken away."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from types import SimpleNamespace
from unittest.mock import patch

from django.db import connection

from register.choices import Role
from register.models import Cooperation, RoleAssignment, User
from register.models.cooperation import GuardedQuerySet
from register.models.person import Held
from register.services import cooperations, roles, signing_in, units
from tests.journeys.own_case.parts import NOT_A_DECIDER
from tests.workflows.tampering import lift_guards, sql
from workflows import policies
from workflows.choices import Verb
from workflows.policies import assessing, deciding, delegating, handing, people
from workflows.services import moving

own_case = import_module("workflows.migrations.0009_own_case_guarded")
Twin = AbstractContextManager[object]


def without(*rooms: object, name: str, answer: object = None) -> list[Twin]:
    """The function of this name answers the same to everybody, in each of the rooms
    that know it."""
    return [patch.object(room, name, lambda *_a, **_k: answer) for room in rooms]


def with_(*rooms: object, **changed: object) -> list[Twin]:
    return [
        patch.object(room, name, it) for room in rooms for name, it in changed.items()
    ]


@contextmanager
def no_triggers() -> Iterator[None]:
    """For as long as the transaction lasts."""
    lift_guards()
    own_case.remove(None, SimpleNamespace(connection=connection, execute=sql))
    yield


def role_of_nobody(user: User, rule: object) -> None:
    """A role that a rule gave, without a word of who wrote the rule."""
    RoleAssignment.objects.create(user=user, unit=rule.unit, role=rule.role)


def without_accounts(*cells: object) -> Held:
    """Known by one account each, whatever was joined."""
    holder, role, path, kind, _own, by, _by, at, lender, _lenders, lent = cells
    return OF(holder, role, path, kind, [], by, [], at, lender, [], lent)


def whatever_their_part(case, user, *held, who):
    counting = user.holding(people.counted(case, user))
    if people.has_one(case, counting, *held):
        return None
    return people.ROLE_FROM_OWN if people.has_one(case, user, *held) else who


def any_decider(case, user):
    return people.independent(case, user, Role.DECIDER, who=NOT_A_DECIDER)


def is_by_importer(row):
    return row.legacy and row.proposer == row.responsible


OF = Held.of
ROOMS = (people, deciding, delegating, assessing, handing)
# What is taken away, by what it is to the reader of the policies.
TWINS: dict[str, list[Twin]] = {
    "own people": with_(
        people,
        deciding,
        delegating,
        assessing,
        handing,
        independent=whatever_their_part,
    ),
    "former owners": without(cooperations, name="remember_owner"),
    "named after an import": with_(
        Cooperation,
        is_unclaimed=property(
            lambda row: row.legacy and row.responsible == row.proposer
        ),
    ),
    "one's own hands": without(*ROOMS, name="hands", answer=frozenset()),
    "hands of deputies": with_(*ROOMS, hands=lambda case, user: user.keys),
    "the principal": with_(
        policies,
        permit=lambda verb, case, user: policies.Permit(
            policies._why_not(verb, case, user)
        ),
    ),
    "the principal's row": with_(moving.Step, hands=property(lambda s: [s.actor])),
    "joined accounts": [
        *with_(User, keys=property(lambda user: frozenset({user.pk}))),
        *with_(Held, of=staticmethod(without_accounts)),
    ],
    "joined accounts of a role": with_(Held, of=staticmethod(without_accounts)),
    "roles from own people": with_(
        people, delegating, counted=lambda case, user: user.held
    ),
    "who wrote the rule": with_(signing_in, give=role_of_nobody),
    "who prepared it": without(deciding, name="has_prepared", answer=False),
    "who assessed and prepared it": with_(deciding, decider=any_decider),
    "who asked and prepared it": [
        *without(deciding, name="has_prepared", answer=False),
        *with_(deciding, decide=deciding.competent),
    ],
    "who published the table": without(deciding, name="why_not_decide"),
    "conflicts of interest": without(policies, name="conflicted"),
    "a role to oneself": without(roles, name="refuse_oneself"),
    "roles that stay apart": without(roles, name="refuse_together"),
    "a unit to oneself": without(units, name="widens_own_view", answer=False),
    "what was seen": without(moving, name="_refuse_late"),
    "the clock": with_(moving, BY_THE_CLOCK=frozenset(Verb)),
    "taking in": [patch.dict(policies.POLICIES, {Verb.TAKE_IN: lambda *_: None})],
    "guarded columns": with_(GuardedQuerySet, GUARDED=frozenset()),
    "triggers": [no_triggers()],
}


@contextmanager
def twin(name: str) -> Iterator[None]:
    with ExitStack() as stack:
        for taken_away in TWINS[name]:
            stack.enter_context(taken_away)
        yield


# The ways that end otherwise without it.
CAUGHT = {
    "own people": {
        "directly",
        "on_the_page",
        "as_responsible",
        "after_handing_over",
        "after_leaving_the_draft",
        "by_a_copy",
        "by_the_review",
        "by_resuming",
        "by_an_import_that_became_ones_own",
        "by_importing_over_it",
        "as_the_deciders_deputy",
        "by_ones_own_deputy",
        "by_the_deputy_of_a_joined_account",
        "by_moving_the_case",
        "by_a_joined_account",
        "as_superuser",
    },
    "former owners": {
        "after_handing_over",
        "after_leaving_the_draft",
        "by_an_import_that_became_ones_own",
    },
    "named after an import": {
        "by_an_import_that_became_ones_own",
    },
    "one's own hands": {
        "as_assessor",
        "as_asker",
        "as_recommender",
        "as_editor",
        "by_reopening",
        "in_spite_of_a_conflict",
        "by_lowering_the_risk",
        "by_clearing_ones_own_gate",
        "by_meeting_ones_own_condition",
        "by_the_assessors_deputy",
        "by_what_ones_deputy_assessed",
        "by_clearing_ones_principals_gate",
        "by_ones_own_delegation_table",
    },
    "hands of deputies": {
        "by_what_ones_deputy_assessed",
    },
    "the principal": {
        "by_ones_own_deputy",
        "by_the_assessors_deputy",
        "by_what_ones_deputy_assessed",
        "by_the_deputy_of_a_joined_account",
        "by_clearing_ones_principals_gate",
    },
    "the principal's row": {
        "by_clearing_ones_principals_gate",
    },
    "joined accounts": {
        "by_the_deputy_of_a_joined_account",
        "by_a_role_from_a_joined_account",
        "by_a_joined_account",
    },
    "joined accounts of a role": {
        "by_the_deputy_of_a_joined_account",
        "by_a_role_from_a_joined_account",
    },
    "roles from own people": {
        "by_a_deputy_whom_one_named",
        "by_a_role_to_a_colleague",
        "by_a_role_from_a_joined_account",
        "by_a_rule_for_a_colleague",
    },
    "who wrote the rule": {
        "by_a_rule_for_a_colleague",
    },
    "who prepared it": {
        "as_asker",
        "as_recommender",
        "as_editor",
    },
    "who assessed and prepared it": {
        "as_assessor",
        "as_asker",
        "as_recommender",
        "as_editor",
        "by_reopening",
        "by_the_assessors_deputy",
        "by_what_ones_deputy_assessed",
    },
    "who asked and prepared it": {
        "as_asker",
        "as_recommender",
        "as_editor",
    },
    "who published the table": {
        "by_ones_own_delegation_table",
    },
    "conflicts of interest": {
        "in_spite_of_a_conflict",
    },
    "a role to oneself": {
        "by_a_role_to_oneself",
    },
    "roles that stay apart": {
        "by_swapping_roles",
    },
    "a unit to oneself": {
        "by_moving_the_unit",
    },
    "what was seen": {
        "by_two_tabs",
    },
    "the clock": {
        "by_the_clock",
    },
    "taking in": {
        "by_taking_in_a_draft",
    },
    "guarded columns": {
        "by_another_proposer_in_bulk",
    },
    "triggers": {
        "by_the_mark_of_a_legacy",
        "by_another_proposer",
        "by_a_later_beginning",
        "by_the_transition",
        "by_sql",
        "by_writing_the_event",
        "by_the_row_of_the_decision",
        "by_a_decision_of_ones_own",
    },
}
