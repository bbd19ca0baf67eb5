"""What the database itself keeps, and what the models say before it must."""

import pytest
from django.core.exceptions import ValidationError

from register.models import Cooperation, Partner, PartnerIdentifier, User
from register.services import partners
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.tampering import lift_guards, refused, sql
from workflows.models import Case

pytestmark = pytest.mark.django_db


def add(**facts: object) -> Partner:
    facts = {"actor": User(), "name": "Uppsala", "country": "SE"} | facts
    return partners.add_partner(**facts)


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_a_partner_without_a_name_is_refused(name):
    with pytest.raises(ValidationError) as refusal:
        add(name=name)

    assert set(refusal.value.message_dict) == {"name"}
    with refused("partner_has_a_name"):
        Partner(name=name, country_id="SE").save()
    assert Partner.objects.count() == 0


def test_a_partner_in_no_country_is_refused():
    with pytest.raises(ValidationError) as refusal:
        add(country="XX")

    assert set(refusal.value.message_dict) == {"country"}


def test_an_identifier_with_wrong_check_digits_adds_no_partner():
    with pytest.raises(ValidationError, match="The check digits of this ROR id"):
        add(identifiers={"ror": "01xtthb57"})

    assert Partner.objects.count() == 0


def test_an_identifier_names_one_partner():
    add(identifiers={"ror": "01xtthb56"})

    with pytest.raises(ValidationError, match="already has this identifier"):
        add(name="Another", identifiers={"ror": "https://ror.org/01xtthb56"})
    with refused("identifier_names_one_partner|identifier.scheme"):
        PartnerIdentifier(
            partner=add(name="Third"), scheme="ror", value="01xtthb56"
        ).save()


def test_an_end_before_the_start_is_refused(cast):
    today = w.local_today()
    yesterday = today - w.timedelta(days=1)

    with pytest.raises(ValidationError, match="The end must not be before the start"):
        w.draft(cast, starts_on=today, ends_on=yesterday)
    case = w.draft(cast, starts_on=today, ends_on=today)
    with refused("cooperation_ends_after_start"):
        sql("UPDATE register_cooperation SET ends_on = %s", yesterday)

    assert Cooperation.objects.get() == Cooperation.objects.get(pk=case.pk)


def test_the_database_knows_every_state_and_risk(cast):
    w.proposed(cast)
    lift_guards()

    with refused("cooperation_state_known"):
        sql("UPDATE register_cooperation SET state = 'secret'")
    with refused("cooperation_risk_known"):
        sql("UPDATE register_cooperation SET risk = 9")
    with refused("cooperation_numbered_when_proposed"):
        sql("UPDATE register_cooperation SET number = NULL")


def test_a_refresh_keeps_the_guard_of_the_state(cast):
    """django-fsm-2 lifts it for the whole class while it reads, and for good when the
    row is gone."""
    case = w.draft(cast)
    gone = Case.objects.get(pk=case.pk)
    gone.pk = 0
    with pytest.raises(Case.DoesNotExist):
        gone.refresh_from_db()

    case.refresh_from_db()
    case.refresh_from_db(fields=["title"])

    assert case.state == "draft"
    for face in (case, Cooperation.objects.get(pk=case.pk)):
        with pytest.raises(AttributeError):
            face.state = "approved"


def test_a_refresh_reads_a_new_state(cast):
    case = w.screened(cast)
    w.proposing.submit(case_id=case.pk, actor=cast.proposer)

    case.refresh_from_db()

    assert case.state == "proposed"


def test_a_role_does_not_end_before_it_begins(cast):
    with refused("role_ends_after_start"):
        r.role(
            cast.stranger,
            "decider",
            cast.institution,
            valid_until=w.local_today() - w.timedelta(days=1),
        )


def test_an_institution_alone_has_nothing_above_it(cast):
    with refused("unit_institution_is_root"):
        sql("UPDATE register_unit SET parent_id = NULL WHERE kind = 'faculty'")
    with refused("unit_institution_is_root"):
        sql("UPDATE register_unit SET kind = 'institution' WHERE kind = 'faculty'")


def test_a_path_names_the_unit_and_all_above_it(cast):
    keys = [cast.institution.pk, cast.faculty.pk, cast.department.pk]

    assert cast.department.path == "".join(f"{key}." for key in keys)
    assert not cast.other_department.path.startswith(cast.department.path)
