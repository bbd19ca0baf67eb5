"""Question packs: load what ships, copy, change, publish, import.

A published version never changes; what is changed is a draft, and publishing it makes
it the one in force for new assessments of its institution. A case keeps its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.models import Unit, User
from workflows import policies
from workflows.models import Catalogue
from workflows.models.catalogue import canonical
from workflows.questions import reading
from workflows.questions.checking import Fault, check
from workflows.services.moving import NotAllowed

PACKS = Path(__file__).resolve().parent.parent / "packs"


class PackRefused(NotAllowed):
    """A pack with faults; nothing was kept. Carries each fault with its line."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = list(faults)
        super().__init__("\n".join(map(str, faults)))


def load_shipped() -> None:
    """Load each pack under `packs/` whose version is not in the database yet."""
    for path in sorted(PACKS.glob("*.yaml")):
        version = path.stem
        if not Catalogue.objects.filter(institution=None, version=version).exists():
            document = read(path.read_text(encoding="utf-8"), name=path.name)
            Catalogue.objects.create(
                version=document["version"],
                content=canonical(document),
                published_at=timezone.now(),
            )


def read(text: str, *, name: str) -> dict[str, Any]:
    """The sound document of a YAML text. Raises PackRefused with every fault."""
    try:
        found = reading.read(text, name)
    except reading.NotAPack as refusal:
        raise PackRefused(refusal.faults) from refusal
    if faults := check(found.document, found.lines, name):
        raise PackRefused(faults)
    return dict(found.document)


def take_in(*, actor: User, institution: Unit, text: str, name: str) -> Catalogue:
    """A pack from a file, as a draft of the institution. Raises PackRefused."""
    _refuse_stranger(actor, institution)
    document = read(text, name=name)
    base = Catalogue.objects.of(institution).filter(version=document["version"]).first()
    document["version"] = free_version(institution, document["version"])
    return Catalogue.objects.create(
        institution=institution,
        version=document["version"],
        based_on=base,
        content=canonical(document),
        made_by=actor,
    )


def copy(*, actor: User, catalogue: Catalogue, institution: Unit) -> Catalogue:
    """A draft of the institution that begins as a published version stands."""
    _refuse_stranger(actor, institution)
    document = catalogue.document
    document["version"] = free_version(institution, catalogue.version)
    return Catalogue.objects.create(
        institution=institution,
        version=document["version"],
        based_on=catalogue,
        content=canonical(document),
        made_by=actor,
    )


def free_version(institution: Unit, version: str) -> str:
    """The next free name of a version: 2026.12, 2026.12-1, 2026.12-2 …"""
    taken = set(Catalogue.objects.of(institution).values_list("version", flat=True))
    stem, _dash, _number = version.partition("-")
    if version not in taken:
        return version
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


@transaction.atomic
def change(
    *, actor: User, catalogue_id: int, seen: str, document: Mapping[str, Any]
) -> Catalogue:
    """Put a changed document in the place of a draft's.

    seen: the `sha256` that the person's page showed. Raises PackRefused for a document
    with faults, NotAllowed for a published version or when somebody was faster.
    """
    draft = _draft(actor, catalogue_id)
    if draft.sha256 != seen:
        raise NotAllowed(
            _("Somebody changed this draft meanwhile; look at it as it is now.")
        )
    if faults := check(document):
        raise PackRefused(faults)
    draft.content = canonical(document)
    draft.save(update_fields=["content", "sha256", "changed_at"])
    return draft


@transaction.atomic
def publish(*, actor: User, catalogue_id: int, note: str) -> Catalogue:
    """From now on new assessments of the institution are asked this version; it never
    changes again. Raises NotAllowed without words on what is new."""
    draft = _draft(actor, catalogue_id)
    if not note.strip():
        raise NotAllowed(_("Say what is new in this version."))
    if faults := check(draft.document):
        raise PackRefused(faults)
    draft.note = note.strip()
    draft.published_by, draft.published_at = actor, timezone.now()
    draft.save()
    return draft


@transaction.atomic
def discard(*, actor: User, catalogue_id: int) -> None:
    """Throw a draft away."""
    _draft(actor, catalogue_id).delete()


def export(catalogue: Catalogue) -> str:
    """The whole pack as one YAML file, as `take_in` reads it."""
    return reading.write(catalogue.document)


def _draft(actor: User, catalogue_id: int) -> Catalogue:
    row = Catalogue.objects.select_for_update(of=("self",)).get(pk=catalogue_id)
    if row.is_published or row.institution is None:
        raise NotAllowed(_("A published version is never changed; copy it first."))
    _refuse_stranger(actor, row.institution)
    return row


def _refuse_stranger(actor: User, institution: Unit) -> None:
    if not policies.may_keep_catalogue(actor, institution):
        raise NotAllowed(
            _("Only a system administrator of the institution keeps its questions.")
        )
