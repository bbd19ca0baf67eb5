"""Roles and unit as the institution's sign-in service tells them, and the rules by
which an institution reads its claims."""

import logging
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from register.choices import AccessVerb
from register.clock import local_today
from register.models import ClaimRule, RoleAssignment, Unit, User
from register.models.person import REMEMBERED
from register.services.access import Refused, note
from register.services.roles import refuse_together

log = logging.getLogger("midtveis.sign_in")


@transaction.atomic
def bring_roles_in_line(*, user: User, issuer: str, claims: dict[str, Any]) -> User:
    """What the rules give and is not held is given; what was given so and follows no
    longer ends. Roles that a person gave are never touched.

    A rule gives no role that a person could not give: none to whoever wrote the rule,
    none at a closed unit, and none that must not meet another in one person.
    """
    User.objects.select_for_update().get(pk=user.pk)
    rules = ClaimRule.objects.filter(issuer=issuer, ended_at=None)
    fitting = [
        rule
        for rule in rules.select_related("unit").filter(unit__closed_on=None)
        if rule.fits(claims) and not (rule.role and rule.created_by_id in user.keys)
    ]
    given = RoleAssignment.objects.current().filter(user=user, claim_rule__isnull=False)
    kept = {rule.pk for rule in fitting if rule.role}
    ended = end(given.exclude(claim_rule__in=kept))
    held = set(given.values_list("claim_rule", flat=True))
    new = [rule for rule in fitting if rule.role and rule.pk not in held]
    for rule in new:
        give(user, rule)
    settle_in_unit(user, fitting)
    for remembered in REMEMBERED:
        user.__dict__.pop(remembered, None)
    if new or ended:
        log.info("Claims gave %d roles and ended %d.", len(new), ended)
    return user


def give(user: User, rule: ClaimRule) -> None:
    """Traced like any other role. Whoever wrote the rule has given it, so that it does
    not count in a case that they carry."""
    try:
        refuse_together(user.keys, rule.role, rule.unit)
    except Refused as refusal:
        log.warning("Rule %d gives no role: %s", rule.pk, refusal)
        return
    role = RoleAssignment.objects.create(
        user=user,
        unit=rule.unit,
        role=rule.role,
        claim_rule=rule,
        granted_by_id=rule.created_by_id,
    )
    told = {"role": role.role, "from": role.valid_from, "rule": rule.pk}
    note(AccessVerb.ROLE_GIVEN, actor=None, person=user, unit=rule.unit, told=told)


def end(assignments: QuerySet[RoleAssignment], actor: User | None = None) -> int:
    """From this moment on, not from tomorrow: a role's last day is therefore yesterday,
    also where it began today."""
    yesterday = local_today() - timedelta(days=1)
    count = 0
    for assignment in assignments.select_related("user", "unit"):
        assignment.valid_from = min(assignment.valid_from, yesterday)
        assignment.valid_until = yesterday
        assignment.save(update_fields=["valid_from", "valid_until"])
        note(
            AccessVerb.ROLE_ENDED,
            actor=actor,
            person=assignment.user,
            unit=assignment.unit,
            told={
                "role": assignment.role,
                "until": yesterday,
                "rule": assignment.claim_rule_id,
            },
        )
        count += 1
    return count


def settle_in_unit(user: User, fitting: list[ClaimRule]) -> None:
    """In a unit that the rules name; a rule that names no role is about just that."""
    named = sorted(fitting, key=lambda rule: (rule.role != "", rule.pk))
    units = [rule.unit for rule in named]
    if units and user.unit not in units:
        user.unit = units[0]
        user.save(update_fields=["unit"])


def add_rule(
    *,
    actor: User,
    institution: Unit,
    issuer: str,
    claim: str,
    value: str,
    unit: Unit,
    role: str = "",
) -> ClaimRule:
    """It counts from each person's next sign-in on."""
    rule = ClaimRule(
        institution=institution,
        issuer=issuer,
        claim=claim,
        value=value,
        unit=unit,
        role=role,
        created_by=actor,
    )
    try:
        rule.full_clean()
    except ValidationError as error:
        raise ValidationError(error.messages) from error
    rule.save()
    return rule


@transaction.atomic
def end_rule(*, actor: User, rule: ClaimRule) -> ClaimRule:
    """At once, and with it every role that it gave. Late is no harm: twice is once."""
    locked = ClaimRule.objects.select_for_update().get(pk=rule.pk)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        end(RoleAssignment.objects.current().filter(claim_rule=locked), actor)
        log.info("Rule %d for claims was ended.", locked.pk)
    return locked
