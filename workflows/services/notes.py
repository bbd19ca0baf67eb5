"""Write a note that only few will read (requirement 34)."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.models import User
from register.policies import may_read
from workflows import policies
from workflows.models import Case, NoteReader, RestrictedNote
from workflows.services.moving import NotAllowed


@transaction.atomic
def write(
    *, case_id: int, actor: User, text: str, readers: Collection[User]
) -> RestrictedNote:
    """Not through the doorway: it is no event of the case, so that nobody else notices
    it. Whoever is named to read it must be able to read the case. Raises NotAllowed."""
    locked = Case.objects.select_for_update(of=("self",)).select_related("unit")
    case = locked.get(pk=case_id)
    if refusal := policies.why_not_write_note(case, actor):
        raise NotAllowed(str(refusal))
    if not text.strip():
        raise NotAllowed(_("Write the note first."))
    if blind := [str(one) for one in readers if not may_read(one, case)]:
        raise NotAllowed(
            _("Not everybody named may read the case itself: %(who)s.")
            % {"who": ", ".join(blind)}
        )
    now = timezone.now()
    note = RestrictedNote.objects.create(
        case=case, written_by=actor, written_at=now, text=text.strip()
    )
    NoteReader.objects.bulk_create(
        NoteReader(note=note, user=one, named_by=actor, named_at=now)
        for one in {*readers} - {actor}
    )
    return note
