"""A case that somebody may not see, with everything that can hang on one."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.utils import timezone

from notifications.choices import Kind
from notifications.models import Message
from notifications.outbox import LocalOutbox, kept_mails
from notifications.services import announcing
from register.choices import DocumentKind, Role
from register.clock import local_today
from register.models import ClaimRule, Cooperation, Deputyship
from tests.architecture.addresses import Things
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.listing import checked, csv_file
from workflows.models import Catalogue, DelegationTable
from workflows.services import amending, catalogue, confidentiality, delegating

TABS = ["facts", "assessment", "decisions", "people", "history"]
PDF = b"%PDF-1.4 about the secret ice"


def hidden_world(cast: r.Cast, partner: Any, level: str = "unit") -> Things:
    """A case with everything that can hang on one, and what its addresses name."""
    given = {"EXP_1": "possibly"}
    case = w.proposed(cast, title="Secret ice", partner=partner, given=given)
    document = amending.add_document(
        case_id=case.pk,
        actor=cast.proposer,
        upload=SimpleUploadedFile("secret-ice.pdf", PDF),
        kind=DocumentKind.EVIDENCE,
        title="Secret appendix",
    )
    confidentiality.name_reader(
        case_id=case.pk, actor=cast.officer, person=cast.auditor, reason="Asked."
    )
    Cooperation._base_manager.update(confidentiality=level)
    announcing.catch_up(now=timezone.now())
    message = Message.objects.create(
        kind=Kind.RETURNED, case=case, recipient=cast.proposer, occasion="by hand"
    )
    about_case = {
        "public_id": [case.public_id],
        "tab": TABS,
        "verb": ["suspend"],
        "code": ["EXP-1"],
        "point": [1],
        "gate": [1],
        "condition": [1],
        "person": [cast.auditor.public_id],
    }
    return Things(
        {
            "cases/": about_case,
            "new/": about_case,
            "documents/": {"public_id": [document.public_id]},
            "inbox/": {"public_id": [message.public_id]},
            "partners/": {"public_id": [partner.public_id]},
            **about_rules(cast),
            **about_access(cast),
            **about_files(cast),
        }
    )


def about_rules(cast: r.Cast) -> dict[str, dict[str, list[Any]]]:
    """A pack and a table that are being changed."""
    by = {"actor": cast.administrator, "institution": cast.institution}
    shipped = Catalogue.objects.get(institution=None)
    pack = catalogue.copy(catalogue=shipped, **by)
    table = delegating.copy(table=DelegationTable.objects.get(institution=None), **by)
    rule, action = pack.pack.rules[0].code, next(iter(pack.pack.actions))
    return {
        "questions/": {"pk": [pack.pk], "code": ["EXP-1"]},
        "questions/<int:pk>/topics/": {"pk": [pack.pk], "code": ["EXP"]},
        "questions/<int:pk>/rules/": {"pk": [pack.pk], "code": [rule]},
        "questions/<int:pk>/actions/": {"pk": [pack.pk], "code": [action]},
        "delegation/": {"pk": [table.pk], "line": [table.rules.first().pk]},
    }


def about_access(cast: r.Cast) -> dict[str, dict[str, list[Any]]]:
    """A rule for claims, somebody's role, a unit, a deputy to come."""
    claim = ClaimRule.objects.create(
        institution=cast.institution,
        unit=cast.department,
        claim="group",
        value="x",
        created_by=cast.administrator,
    )
    later = local_today() + timedelta(days=9)
    deputyship = Deputyship.objects.create(
        principal=cast.auditor,
        deputy=cast.officer,
        role=Role.AUDITOR,
        valid_from=later,
        valid_until=later,
        named_by=cast.auditor,
        named_at=timezone.now(),
    )
    leader = cast.leader
    role = leader.assignments.get()
    return {
        "access/claims/": {"pk": [claim.pk]},
        "access/people/": {"public_id": [leader.public_id], "pk": [role.pk]},
        "access/units/": {"pk": [cast.department.pk]},
        "access/deputies/": {"pk": [deputyship.pk]},
        "security/passkeys/": {"pk": [0]},
    }


def about_files(cast: r.Cast) -> dict[str, dict[str, list[Any]]]:
    """A list that was brought in, and a mail that is kept here."""
    row = "1;Old friends;01.01.2025;31.12.2029;Lunds universitet;SE;"
    batch = checked(cast, csv_file(row), unit=cast.department)
    mail = EmailMessage("Subject", "Text", to=["x@fjordheim.example"])
    LocalOutbox().send_messages([mail])
    return {
        "import/": {"public_id": [batch.public_id]},
        "outbox/": {"name": [each.stem for each in kept_mails()]},
    }
