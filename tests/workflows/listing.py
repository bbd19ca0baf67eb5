"""Small lists of cooperations for the tests of the import."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.register import Cast
from workflows.models import ImportBatch
from workflows.services.importing import batches

SHARED = Path(__file__).parents[1] / "files" / "participations.csv"
HEAD = "Reference;Title;Start;End;Partner;Country;Amount EUR"


def csv_file(*rows: str, head: str = HEAD, name: str = "list.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode())


def participations() -> SimpleUploadedFile:
    return SimpleUploadedFile(SHARED.name, SHARED.read_bytes())


def checked(cast: Cast, file: SimpleUploadedFile, **given: object) -> ImportBatch:
    """Uploaded for the institution by its case officer, and checked."""
    batch = batches.upload(
        actor=given.get("actor", cast.officer),
        unit=given.get("unit", cast.institution),
        file=file,
    )
    mapping = batches.proposed_mapping(batch) | given.get("mapping", {})
    return batches.check(batch=batch, actor=batch.made_by, mapping=mapping)


def imported(cast: Cast, file: SimpleUploadedFile, **given: object) -> ImportBatch:
    batch = checked(cast, file, **given)
    return batches.run(batch_id=batch.pk, actor=batch.made_by)


def outcomes(batch: ImportBatch) -> list[tuple[int, str]]:
    """(row, outcome) in the order of the file."""
    return [(line[0], str(line[1])) for line in batch.report["lines"]]


def notes(batch: ImportBatch) -> dict[int, str]:
    return {line[0]: line[4] for line in batch.report["lines"] if line[4]}
