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
from django.utils.translation import gettext_lazy

from register.models import Unit, User
from workflows import policies
from workflows.models import Catalogue
from workflows.models.catalogue import canonical
from workflows.questions import editing, reading
from workflows.questions.checking import Fault, check
from workflows.questions.faults import NotAPack
from workflows.services.moving import NotAllowed

NOT_A_DRAFT = gettext_lazy("A published version is never changed; copy it first.")
NOT_A_KEEPER = gettext_lazy(
    "Only a system administrator of the institution keeps its questions."
)
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody changed this draft meanwhile; look at it as it is now."
)
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
    except NotAPack as refusal:
        raise PackRefused(refusal.faults) from refusal
    if faults := check(found.document, found.lines, name):
        raise PackRefused(faults)
    return dict(found.document)


def take_in(*, actor: User, institution: Unit, text: str, name: str) -> Catalogue:
    """A pack from a file, as a draft of the institution. Raises PackRefused."""
    _refuse_stranger(actor, institution)
    document = read(text, name=name)
    published = Catalogue.objects.of(institution).published()
    base = published.filter(version=document["version"]).first()
    return _draft_of(institution, document, based_on=base, made_by=actor)


def copy(*, actor: User, catalogue: Catalogue, institution: Unit) -> Catalogue:
    """A draft of the institution that begins as a published version stands."""
    _refuse_stranger(actor, institution)
    if not catalogue.is_published:
        raise NotAllowed(_("Only a published version is copied."))
    if catalogue.institution not in (None, institution):
        raise NotAllowed(_("This version belongs to another institution."))
    document = catalogue.document
    return _draft_of(institution, document, based_on=catalogue, made_by=actor)


@transaction.atomic
def _draft_of(
    institution: Unit,
    document: dict[str, Any],
    *,
    based_on: Catalogue | None,
    made_by: User,
) -> Catalogue:
    """The institution is locked, so that two drafts never take the same name."""
    Unit.objects.select_for_update().get(pk=institution.pk)
    document["version"] = free_version(institution, document["version"])
    return Catalogue.objects.create(
        institution=institution,
        version=document["version"],
        based_on=based_on,
        content=canonical(document),
        made_by=made_by,
    )


def free_version(institution: Unit, version: str) -> str:
    """The next free name of a version: 2026.12, 2026.12-1, 2026.12-2 …"""
    taken = set(Catalogue.objects.of(institution).values_list("version", flat=True))
    if version not in taken:
        return version
    stem = version.partition("-")[0][:16]
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
        raise NotAllowed(CHANGED_MEANWHILE)
    if faults := check(document, name=draft.version):
        raise PackRefused(faults)
    draft.content = canonical(document)
    draft.save(update_fields=["content", "sha256", "changed_at"])
    return draft


def take_out(*, actor: User, catalogue_id: int, seen: str, code: str) -> Catalogue:
    """Take a question of the institution's own out of a draft. One that ships with the
    product is switched off instead, so that later versions can be compared with it."""
    draft = Catalogue.objects.get(pk=catalogue_id)
    if code in shipped_codes():
        raise NotAllowed(_("This question ships with Midtveis; switch it off instead."))
    document = editing.without_question(draft.document, code)
    return change(actor=actor, catalogue_id=catalogue_id, seen=seen, document=document)


def shipped_codes() -> frozenset[str]:
    """The codes of all questions that have ever shipped with the product."""
    shipped = Catalogue.objects.filter(institution=None)
    return frozenset(code for each in shipped for code in each.pack.by_code)


@transaction.atomic
def publish(
    *, actor: User, catalogue_id: int, note: str, seen: str | None = None
) -> Catalogue:
    """From now on new assessments of the institution are asked this version; it never
    changes again. Raises NotAllowed without words on what is new, or when the draft is
    not as it was `seen`."""
    draft = _draft(actor, catalogue_id)
    if seen not in (None, draft.sha256):
        raise NotAllowed(CHANGED_MEANWHILE)
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
        raise NotAllowed(NOT_A_DRAFT)
    _refuse_stranger(actor, row.institution)
    return row


def _refuse_stranger(actor: User, institution: Unit) -> None:
    if not policies.may_keep_catalogue(actor, institution):
        raise NotAllowed(NOT_A_KEEPER)
