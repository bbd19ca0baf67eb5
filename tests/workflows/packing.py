"""Question packs for tests: drafts, small changes, and files."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import register as r
from workflows.models import Catalogue
from workflows.questions import editing
from workflows.services import catalogue


def shipped() -> Catalogue:
    return Catalogue.objects.get(institution=None)


def draft(cast: r.Cast) -> Catalogue:
    return catalogue.copy(
        actor=cast.administrator, catalogue=shipped(), institution=cast.institution
    )


def with_question(document: dict, code: str, **changes: object) -> dict:
    """The document with these keys of a question written anew."""
    path = editing.question_path(document, code)
    return editing.with_node(document, path, editing.node_at(document, path) | changes)


def text(words: str) -> dict[str, str]:
    return dict.fromkeys(("en", "nb", "nn"), words)


def changed(cast: r.Cast, pack: Catalogue, code: str, **changes: object) -> Catalogue:
    return catalogue.change(
        actor=cast.administrator,
        catalogue_id=pack.pk,
        seen=pack.sha256,
        document=with_question(pack.document, code, **changes),
    )


def published(cast: r.Cast, code: str = "PUR-2", **changes: object) -> Catalogue:
    """An own version in which one question says something else."""
    pack = changed(cast, draft(cast), code, **changes or {"text": text("Why they?")})
    return catalogue.publish(
        actor=cast.administrator, catalogue_id=pack.pk, note="Shorter."
    )


def own_question(code: str = "PUR-8") -> dict:
    """A question that does not ship."""
    return {
        "code": code,
        "text": text("Has the board been told?"),
        "who": "M",
        "kind": "one",
        "moments": ["planning"],
        "case_types": ["research"],
        "options": [
            {"code": "yes", "text": text("Yes")},
            {"code": "no", "text": text("No"), "level": "medium"},
        ],
        "sources": ["NMBU"],
    }


def with_own(cast: r.Cast, pack: Catalogue) -> Catalogue:
    document = pack.document
    path = editing.topic_path(document, "PUR")
    return catalogue.change(
        actor=cast.administrator,
        catalogue_id=pack.pk,
        seen=pack.sha256,
        document=editing.with_question(document, path, own_question()),
    )


def file(content: str | bytes, name: str = "own.yaml") -> SimpleUploadedFile:
    body = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, body)


def page(name: str, pack: Catalogue, *codes: str) -> str:
    return reverse(f"workflows:pack-{name}", args=[pack.pk, *codes])


def words(answer) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
