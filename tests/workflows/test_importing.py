"""A list becomes cooperations: what comes in, what is refused, what changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError

from register.choices import CaseState, PartnerKind, PartnerRole
from register.clock import local_today
from register.models import Cooperation, NumberSeries, Partner
from register.services.tables import TableRefused
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.listing import (
    checked,
    csv_file,
    imported,
    notes,
    outcomes,
    participations,
)
from workflows.choices import TerminationGround, Verb
from workflows.deadlines import add_months
from workflows.models import Assessment, Case, CaseEvent, ImportBatch
from workflows.services import amending, terminating
from workflows.services.importing import batches, taking_in
from workflows.services.moving import (
    AlreadyThere,
    NotAllowed,
    SomebodyWasFaster,
)
from workflows.services.verifying import breaks

TIDAL = "T-1;Tidal power;01.06.2024;31.05.2032;KTH;Sweden;350000,50"


def rows_in_the_database() -> dict[str, int]:
    """Of every table but that of the lists themselves."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model is not ImportBatch
    } | {"numbers": sum(NumberSeries.objects.values_list("last", flat=True))}


def case_of(reference: str) -> Case:
    return Case.objects.get(grant_reference=reference)


def partners_of(case: Case) -> set[tuple[str, str, str, str]]:
    return {
        (p.partner.name, p.partner.country_id, p.partner.kind, p.role)
        for p in case.partnerships.select_related("partner")
    }


# What comes in ------------------------------------------------------------------------


def test_participations_of_one_reference_are_one_cooperation(cast):
    batch = imported(cast, participations())

    assert batch.report["counts"] == {
        "refused": 0,
        "changed": 0,
        "new": 5,
        "added": 1,
        "unchanged": 0,
    }
    assert outcomes(batch)[:3] == [(2, "new"), (3, "added"), (4, "new")]
    assert partners_of(case_of("900001")) == {
        ("HAVKRAFT FORSKNING AS", "NO", PartnerKind.INSTITUTE, PartnerRole.LEAD),
        ("BØLGE OG VIND AS", "NO", PartnerKind.COMPANY, PartnerRole.PARTNER),
    }


def test_facts_of_a_list_stand_in_the_register(cast):
    imported(cast, participations())

    case = case_of("900001")
    assert case.title == "Tidal power; a shared test site"
    assert (case.starts_on, case.ends_on) == (date(2024, 6, 1), date(2092, 5, 31))
    assert (case.amount, case.currency) == (Decimal("450000.50"), "EUR")
    assert case.funder == "Secure, clean and efficient energy"
    assert case.unit == cast.institution
    assert "havkraft" in case.search_text
    assert "900001" in case.search_text


def test_legacy_cooperations_are_approved_marked_and_not_assessed(cast):
    imported(cast, participations())

    cases = Case.objects.all()
    assert {(c.state, c.legacy, c.risk) for c in cases} == {
        (CaseState.APPROVED, True, 0)
    }
    assert Assessment.objects.count() == 0
    year = local_today().year
    assert [c.number for c in cases.order_by("pk")] == [
        f"{year}/{n:04}" for n in range(1, 6)
    ]


def test_each_case_has_its_own_whole_chain(cast):
    imported(cast, participations())

    told = CaseEvent.objects.filter(case=case_of("900002"))
    assert [(e.verb, e.to_state, e.person) for e in told] == [
        (Verb.REGISTER, CaseState.DRAFT, cast.officer),
        (Verb.TAKE_IN, CaseState.APPROVED, cast.officer),
    ]
    assert '"status":"CLOSED"' in told.last().payload.text
    assert list(breaks()) == []


def test_a_first_review_is_planned_for_each(cast):
    imported(cast, participations())

    half_a_year = add_months(local_today(), 6)
    ended, without_dates = case_of("900002"), case_of("900003")
    assert ended.next_review_on == half_a_year
    assert without_dates.next_review_on == half_a_year
    assert all(c.coming_review.due_on == c.next_review_on for c in Case.objects.all())
    assert all(c.next_review_on > local_today() for c in Case.objects.all())


def test_the_importing_institution_and_an_unknown_organisation_are_no_partners(cast):
    imported(cast, participations())

    assert partners_of(case_of("900003")) == set()
    assert partners_of(case_of("900004")) == set()


def test_a_formula_stays_text(cast):
    imported(cast, participations())

    assert case_of("900005").title == "=SUM(A1:A9)"


def test_a_foreign_partner_that_is_known_is_not_added_twice(cast):
    known = r.partner("Kungliga Tekniska högskolan", country="SE")

    imported(
        cast,
        csv_file(
            "T-1;Tidal power;;;KUNGLIGA TEKNISKA HÖGSKOLAN;Sverige;",
            "T-2;Wave power;;;kungliga tekniska hogskolan;SE;",
        ),
    )

    assert {p.partner for c in Case.objects.all() for p in c.partnerships.all()} == {
        known
    }


def test_a_row_goes_to_the_unit_that_it_names(cast):
    head = "Reference;Title;Unit"
    imported(cast, csv_file("T-1;Tidal;Department of Physics", "T-2;Wave;", head=head))

    assert case_of("T-1").unit == cast.department
    assert case_of("T-2").unit == cast.institution


# A second time ------------------------------------------------------------------------


def test_a_second_run_changes_nothing(cast):
    imported(cast, participations())
    before = rows_in_the_database()

    again = imported(cast, participations())

    assert {k: n for k, n in again.report["counts"].items() if n} == {"unchanged": 6}
    assert rows_in_the_database() == before


def test_a_dry_run_writes_nothing(cast):
    before = rows_in_the_database()

    batch = checked(cast, participations())

    assert batch.report["counts"]["new"] == 5
    assert rows_in_the_database() == before


def test_a_changed_row_is_told_and_becomes_an_event(cast):
    imported(cast, csv_file(TIDAL))

    later = TIDAL.replace("31.05.2032", "31.05.2033")
    batch = imported(cast, csv_file(later, name="later.csv"))

    assert outcomes(batch) == [(2, "changed")]
    assert notes(batch)[2].startswith("end: ")
    case = case_of("T-1")
    assert case.ends_on == date(2033, 5, 31)
    event = CaseEvent.objects.filter(case=case).last()
    assert (event.verb, event.person) == (Verb.AMEND, cast.officer)
    assert '"reason":"Import later.csv"' in event.payload.text
    assert '["ends_on","2032-05-31","2033-05-31"]' in event.payload.text


def test_a_partner_named_by_hand_stays(cast):
    imported(cast, csv_file(TIDAL))
    case, by_hand = case_of("T-1"), r.partner("Named by hand", country="DE")
    present = [(p.partner, p.role) for p in case.partnerships.all()]
    amending.amend(
        case_id=case.pk, actor=cast.officer, partners=[*present, (by_hand, "partner")]
    )

    batch = imported(cast, csv_file(TIDAL))

    assert outcomes(batch) == [(2, "unchanged")]
    assert {name for name, *_rest in partners_of(case)} == {"KTH", "Named by hand"}


def test_a_blank_cell_takes_nothing_away(cast):
    imported(cast, csv_file(TIDAL))

    batch = imported(cast, csv_file("T-1;Tidal power;;;;;"))

    assert outcomes(batch) == [(2, "unchanged")]
    assert case_of("T-1").amount == Decimal("350000.50")


def test_a_list_is_imported_once(cast):
    batch = imported(cast, csv_file(TIDAL))

    with pytest.raises(AlreadyThere):
        batches.run(batch_id=batch.pk, actor=cast.officer)


def test_what_was_checked_is_what_is_imported(cast):
    """Two lists with the same cooperation, checked at the same time."""
    first, second = checked(cast, csv_file(TIDAL)), checked(cast, csv_file(TIDAL))
    batches.run(batch_id=first.pk, actor=cast.officer)

    with pytest.raises(SomebodyWasFaster):
        batches.run(batch_id=second.pk, actor=cast.officer)

    assert Cooperation.objects.count() == 1


def test_a_failure_at_the_last_row_leaves_nothing(cast, monkeypatch):
    batch = checked(cast, csv_file(TIDAL, "T-2;Wave power;;;KTH;SE;"))
    before = rows_in_the_database()
    make = taking_in._draft

    def with_the_last_in_the_way(group, **given):
        case = make(group, **given)
        if group.reference == "T-2":
            case.import_key = f"{cast.institution.pk}/T-1"
        return case

    monkeypatch.setattr(taking_in, "_draft", with_the_last_in_the_way)
    with pytest.raises(IntegrityError):
        batches.run(batch_id=batch.pk, actor=cast.officer)

    assert rows_in_the_database() == before
    assert ImportBatch.objects.get().status == "checked"


# What is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "T-1;Tidal;31.02.2026;;;;",
            "Column “Start”: “31.02.2026” is not a date. Write it as 31.12.2026 or "
            "2026-12-31.",
        ),
        (
            "T-1;Tidal;2026-05-01;2025-05-01;;;",
            "Column “End”: The end must not be before the start.",
        ),
        (";Tidal;;;;;", "Column “Reference”: It is empty; fill it in."),
        ("T-1; ;;;;;", "Column “Title”: It is empty; fill it in."),
        ("T-1;Tidal;;;KTH;;", "Column “Country”: It is empty; fill it in."),
        (
            "T-1;Tidal;;;KTH;Svearike;",
            "Column “Country”: “Svearike” is not a country. Write its name, or its "
            "code such as SE.",
        ),
        (
            "T-1;Tidal;;;;;much",
            "Column “Amount EUR”: “much” is not an amount. Write it as 1250000 or "
            "1250000,50.",
        ),
        (
            "T-1;Tidal;;;;;1;2;3",
            "2 cells stand beyond the last heading; perhaps a text with the "
            "delimiter in it is not in quotation marks.",
        ),
    ],
)
def test_a_bad_row_is_refused_and_the_others_come_in(cast, row, sentence):
    batch = imported(cast, csv_file(row, "T-9;Wave power;;;;;"))

    assert outcomes(batch) == [(2, "refused"), (3, "new")]
    assert notes(batch)[2] == sentence
    assert [c.grant_reference for c in Case.objects.all()] == ["T-9"]


def test_every_fault_of_a_row_is_told_at_once(cast):
    batch = checked(cast, csv_file("T-1;;never;soon;;;"))

    assert [column in notes(batch)[2] for column in ("Title", "Start", "End")] == [
        True
    ] * 3


def test_a_wrong_organisation_number_is_refused(cast):
    head = "Reference;Title;Organisasjonsnummer;Organisasjonsnavn"
    batch = checked(cast, csv_file("T-1;Tidal;100000009;HAVKRAFT AS", head=head))

    assert outcomes(batch) == [(2, "refused")]
    assert "not a Norwegian organisation number" in notes(batch)[2]


def test_rows_that_contradict_each_other_are_refused(cast):
    batch = checked(cast, csv_file("T-1;Tidal power;;;;;", "T-1;Wave power;;;;;"))

    assert outcomes(batch) == [(2, "new"), (3, "refused")]
    assert notes(batch)[3] == (
        "Column “Title”: It differs from row 2, which has the same reference."
    )


def test_a_missing_column_is_refused_by_its_name(cast):
    with pytest.raises(TableRefused) as refusal:
        checked(cast, csv_file("T-1;01.01.2026", head="Reference;Start"))

    assert str(refusal.value) == "Choose a column for: Title."


def test_a_column_that_the_file_does_not_have_is_refused(cast):
    with pytest.raises(TableRefused) as refusal:
        checked(cast, csv_file(TIDAL), mapping={"title": "Heading"})

    assert str(refusal.value).startswith("The file has no column “Heading”. It has: ")


def test_a_partner_without_a_column_for_its_country_is_refused(cast):
    with pytest.raises(TableRefused) as refusal:
        checked(cast, csv_file("T-1;Tidal;KTH", head="Reference;Title;Partner"))

    assert str(refusal.value) == "Choose a column for: Country of the partner."


def test_an_ended_case_is_not_changed(cast):
    imported(cast, csv_file(TIDAL), unit=cast.department)
    _end(case_of("T-1"), cast)

    batch = checked(cast, csv_file(TIDAL.replace("Tidal", "Wave")))

    assert outcomes(batch) == [(2, "refused")]
    assert "It is now: Terminated." in notes(batch)[2]


def _end(case: Case, cast) -> None:
    w.declare_none(case)
    notice = terminating.Notice(TerminationGround.MUTUAL, local_today())
    terminating.give_notice(
        case_id=case.pk, actor=cast.other_decider, notice=notice, reasons="Done."
    )
    w.complete_exit(cast, case)
    terminating.close(case_id=case.pk, actor=cast.decider, report="It went well.")


# Who ----------------------------------------------------------------------------------


def test_only_a_case_officer_of_the_unit_imports_for_it(cast):
    for person in (cast.proposer, cast.decider, cast.stranger, cast.administrator):
        with pytest.raises(NotAllowed):
            batches.upload(actor=person, unit=cast.institution, file=csv_file(TIDAL))


def test_a_checked_list_is_not_run_by_a_stranger(cast):
    batch = checked(cast, csv_file(TIDAL))

    with pytest.raises(NotAllowed):
        batches.run(batch_id=batch.pk, actor=cast.stranger)


def test_a_case_of_another_unit_is_neither_changed_nor_described(cast):
    imported(cast, csv_file(TIDAL), unit=cast.other_department)
    local = r.person_with("case_officer", cast.department)

    changed = csv_file(TIDAL.replace("Tidal", "Wave"))
    batch = checked(cast, changed, actor=local, unit=cast.department)

    assert outcomes(batch) == [(2, "refused")]
    assert notes(batch)[2] == (
        "This reference cannot be imported here. Ask a case officer of the whole "
        "institution."
    )
    assert case_of("T-1").title == "Tidal power"


def test_two_institutions_may_use_the_same_reference(cast):
    imported(cast, csv_file(TIDAL))
    elsewhere = cast.stranger.assignments.get().unit

    batch = imported(cast, csv_file(TIDAL), actor=cast.stranger, unit=elsewhere)

    assert outcomes(batch) == [(2, "new")]
    assert Cooperation.objects.count() == 2
    assert Partner.objects.filter(name="KTH").count() == 1


# The columns --------------------------------------------------------------------------


def test_the_headings_of_the_research_council_are_understood(cast):
    batch = checked(cast, participations())

    assert batch.mapping == {
        "reference": "Prosjektnr",
        "title": "Prosjektnavn",
        "start": "Kontrakt startdato",
        "end": "Kontrakt sluttdato",
        "organisation": "Organisasjonsnavn",
        "organisation_number": "Organisasjonsnummer",
        "organisation_role": "Organisasjon rolle",
        "organisation_sector": "FoU sektor",
        "funder": "Program (H2020)",
        "amount": "Innvilget beløp organisasjon EUR",
        "status": "Kontraktstatus",
    }


def test_a_choice_of_columns_is_remembered_for_the_same_headings(cast):
    head = "Reference;Title;Other title"
    checked(cast, csv_file("1;a;b", head=head), mapping={"title": "Other title"})

    batch = batches.upload(
        actor=cast.officer, unit=cast.faculty, file=csv_file("2;c;d", head=head)
    )

    assert batches.proposed_mapping(batch)["title"] == "Other title"


def test_a_list_that_ended_long_ago_is_counted(cast):
    batch = checked(cast, participations())

    assert batch.report["ended"] == 1
