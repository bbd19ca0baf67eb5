"""What the loaded editions say about countries and partners, and who may load them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.translation import override

from register import queries
from register.choices import VALUES_BY_KIND, ReferenceKind, Role
from register.clock import local_today
from register.models import CountryIndicator, Edition, Screening
from register.policies import may_keep_reference
from register.queries.reference import reference_facts
from register.services import indicators
from tests.factories import register as r
from tests.workflows.tampering import refused

OLD, NEW = date(2025, 2, 5), date(2026, 2, 5)
CODES = ("IR", "CN", "SE")


@pytest.fixture
def load(cast):
    """`load("2026", ("IR", "yes"), kind=…)`: an edition and what it says."""

    def loaded(edition: str = "2026", *rows: tuple[str, ...], **facts: object):
        given = {
            "actor": cast.adviser,
            "kind": ReferenceKind.SANCTIONS,
            "source": "Lovdata",
            "edition": edition,
            "published_on": NEW,
            "rows": [(*row, "")[:3] for row in rows],
        }
        return indicators.load_edition(**given | facts)

    return loaded


@pytest.fixture
def screen(cast):
    """`screen(partner, edition, "no-match")`, today unless told."""

    def screened(partner, edition, result: str, **facts: object) -> Screening:
        given = {
            "actor": cast.officer,
            "partner": partner,
            "edition": edition,
            "searched_name": partner.name,
            "result": result,
            "screened_on": local_today(),
        }
        return indicators.record_screening(**given | facts)

    return screened


def said(countries=(), partners=()) -> list[tuple]:
    facts = reference_facts(countries, [partner.pk for partner in partners])
    return [(f.kind, f.value, f.source, f.edition, f.about) for f in facts]


# Loading --------------------------------------------------------------------------


def test_an_edition_keeps_what_it_says_and_where_it_came_from(cast, load):
    edition = load(
        " 2026  spring ",
        ("IR", "yes", "section 2"),
        ("Kina", " Partly ", ""),
        ("RUS", "yes", ""),
        address="https://lovdata.example/",
        licence="NLOD",
        sha256="ab" * 32,
    )

    kept = Edition.objects.get()
    assert kept == edition
    assert (kept.edition, kept.entered_by) == ("2026 spring", cast.adviser)
    assert (kept.address, kept.licence) == ("https://lovdata.example/", "NLOD")
    assert kept.sha256 == "ab" * 32
    assert set(kept.indicators.values_list("country", "value", "note")) == {
        ("IR", "yes", "section 2"),
        ("CN", "partly", ""),
        ("RU", "yes", ""),
    }


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        (
            [("IR", "yes"), ("Atlantis", "yes"), ("CN", "lowest-band")],
            [
                "Row 2: “Atlantis” is not a country of ISO 3166. Write its name or its "
                "code of two letters.",
                "Row 3: “lowest-band” is not used for Sanctions regulations. Write one "
                "of: partly, yes.",
            ],
        ),
        (
            [("IR", "yes"), ("Iran", "partly")],
            [
                "Row 2: An earlier row names Iran already. Keep the one that is right "
                "and take the other away."
            ],
        ),
        (
            [],
            [
                "The edition names no country, so it would say that all are in order. "
                "Give at least one row."
            ],
        ),
    ],
)
def test_one_faulty_row_loads_nothing_and_all_are_told(load, rows, sentences):
    with pytest.raises(ValidationError) as refusal:
        load("2026", *rows)

    assert refusal.value.messages == sentences
    assert (Edition.objects.count(), CountryIndicator.objects.count()) == (0, 0)


def test_an_edition_is_loaded_once(load):
    load("2026", ("IR", "yes"))

    with pytest.raises(ValidationError, match="already loaded"):
        load("2026", ("CN", "yes"))
    load("2026", ("CN", "yes"), source="Somebody else")
    load("2026", ("CN", "lowest-quarter"), kind=ReferenceKind.CORRUPTION)

    assert Edition.objects.count() == 3


def test_a_list_of_names_says_nothing_about_countries(load):
    with pytest.raises(ValidationError, match="is a list of names and says nothing"):
        load("2026", ("IR", "no-match"), kind=ReferenceKind.SANCTIONS_LIST)

    load("2026", kind=ReferenceKind.SANCTIONS_LIST)
    assert CountryIndicator.objects.count() == 0


@pytest.mark.parametrize("facts", [{"kind": "hearsay"}, {"source": " "}])
def test_an_edition_has_a_known_kind_and_a_source(load, facts):
    with pytest.raises(ValidationError) as refusal:
        load("2026", ("IR", "yes"), **facts)

    assert set(refusal.value.message_dict) == set(facts)


def test_what_has_not_happened_yet_is_refused(load, screen):
    tomorrow = local_today() + timedelta(days=1)

    with pytest.raises(ValidationError, match="has not come yet"):
        load("2062", ("IR", "yes"), published_on=tomorrow)
    names = load("2026", kind=ReferenceKind.SANCTIONS_LIST)
    with pytest.raises(ValidationError, match="has not come yet"):
        screen(r.partner(), names, "no-match", screened_on=tomorrow)

    assert (Edition.objects.get(), Screening.objects.count()) == (names, 0)


# Who may --------------------------------------------------------------------------


def test_who_keeps_reference_data(cast):
    keepers = {role for role in Role if may_keep_reference(holder(role, cast))}

    assert keepers == {
        *(Role.CASE_OFFICER, Role.ADVISER, Role.SYSTEM_ADMINISTRATOR),
        *Role.SPECIALISTS,
    }


def holder(role: str, cast):
    return r.person_with(role, cast.department)


def test_others_are_refused_with_a_sentence(cast, load, screen):
    names = load("2026", kind=ReferenceKind.SANCTIONS_LIST)

    with pytest.raises(PermissionDenied, match="Only case officers, advisers"):
        load("2027", ("IR", "yes"), actor=cast.proposer)
    with pytest.raises(PermissionDenied, match="Only case officers, advisers"):
        screen(r.partner(), names, "no-match", actor=cast.decider)

    assert (Edition.objects.get(), Screening.objects.count()) == (names, 0)


# Screening ------------------------------------------------------------------------


def test_a_screening_tells_who_looked_for_what_where(cast, load, screen):
    partner = r.partner("Tidal Institute")
    names = load("8 May", kind=ReferenceKind.SANCTIONS_LIST, source="EU")

    screen(partner, names, "possible-match", searched_name=" Tidal  Inst ", note="p. 3")

    row = Screening.objects.get()
    assert (row.partner, row.edition, row.screened_by) == (partner, names, cast.officer)
    assert (row.searched_name, row.result) == ("Tidal Inst", "possible-match")
    assert (row.screened_on, row.note) == (local_today(), "p. 3")


@pytest.mark.parametrize(
    ("kind", "result", "sentence"),
    [
        ("sanctions-list", "match-low", "Write one of: no-match, possible-match, true"),
        ("named-organisations", "true-match", "Write one of: no-match, match-low, mat"),
        ("named-organisations", "guilty", "“guilty” is not used for Named organ"),
    ],
)
def test_a_list_knows_its_own_results(load, screen, kind, result, sentence):
    names = load("2026", kind=kind)

    with pytest.raises(ValidationError, match=sentence):
        screen(r.partner(), names, result)

    assert Screening.objects.count() == 0


def test_nobody_is_screened_against_a_picture_of_countries(load, screen):
    with pytest.raises(ValidationError, match="is about countries"):
        screen(r.partner(), load("2026", ("IR", "yes")), "no-match")


# Asking ---------------------------------------------------------------------------


def test_the_newest_edition_wins_also_where_it_names_nobody_asked_for(load):
    load("2026", ("CN", "partly", "section 9"))
    load("2025", ("IR", "yes"), ("SE", "partly"), published_on=OLD)

    [fact] = reference_facts(["IR", "SE"], [])

    assert (fact.kind, fact.value, fact.edition) == ("sanctions-regulation", "", "2026")
    assert (fact.published_on, fact.note) == (NEW, "")
    assert fact.about == ("Iran", "Sweden")


def test_of_two_editions_on_one_day_the_later_entered_wins(load):
    load("first", ("IR", "yes"))
    load("second", ("IR", "partly"))

    assert said(["IR"]) == [
        ("sanctions-regulation", "partly", "Lovdata", "second", ("Iran",))
    ]


def test_several_sources_of_one_kind_are_all_told(load):
    threat = {"kind": ReferenceKind.THREAT}
    load("2026", ("CN", "named-for-research"), source="PST", **threat)
    load("2025", ("CN", "named-in-general"), source="NSM", published_on=OLD, **threat)

    assert said(["CN"]) == [
        ("threat-assessment", "named-in-general", "NSM", "2025", ("China",)),
        ("threat-assessment", "named-for-research", "PST", "2026", ("China",)),
    ]


@pytest.mark.parametrize(
    ("kind", "mild", "serious"),
    [
        ("threat-assessment", "named-in-general", "named-for-research"),
        ("sanctions-regulation", "partly", "yes"),
        ("academic-freedom", "second-lowest-band", "lowest-band"),
    ],
)
def test_the_most_serious_value_is_told_and_of_whom(load, kind, mild, serious):
    load("1", ("CN", serious, "p. 4"), ("IR", mild), ("AF", serious, "p. 7"), kind=kind)

    [fact] = reference_facts(["IR", "AF", "SE", "CN"], [])

    assert (fact.value, fact.about) == (serious, ("Afghanistan", "China"))
    assert fact.note == "Afghanistan: p. 7; China: p. 4"


def test_every_kind_is_told_in_one_order(load, screen):
    partner = r.partner("Tidal Institute")
    for kind in reversed(ReferenceKind):
        value = VALUES_BY_KIND[kind][-1]
        is_list = kind in ReferenceKind.LISTS
        edition = load("1", *([] if is_list else [("CN", value)]), kind=kind)
        if is_list:
            screen(partner, edition, value)

    facts = said(["CN"], [partner])

    assert [fact[:2] for fact in facts] == [
        (kind, VALUES_BY_KIND[kind][-1]) for kind in ReferenceKind
    ]


def test_nothing_is_said_of_nobody(load, screen):
    names = load("2026", kind=ReferenceKind.SANCTIONS_LIST)
    screen(r.partner(), names, "true-match")
    load("2026", ("IR", "yes"))

    assert said() == []
    assert said(partners=[r.partner("Never screened")]) == []


def test_the_last_screening_counts(load, screen):
    partner = r.partner("Tidal Institute")
    old = load("1", kind=ReferenceKind.SANCTIONS_LIST, source="EU", published_on=OLD)
    new = load("2", kind=ReferenceKind.SANCTIONS_LIST, source="EU")
    screen(partner, new, "no-match")
    screen(partner, old, "possible-match", screened_on=OLD)

    assert said(partners=[partner]) == [
        ("sanctions-list", "no-match", "EU", "2", ("Tidal Institute",))
    ]


def test_no_other_list_and_no_other_name_clears_a_match(load, screen):
    partner = r.partner("Tidal Institute")
    eu = load("1", kind=ReferenceKind.SANCTIONS_LIST, source="EU")
    un = load("1", kind=ReferenceKind.SANCTIONS_LIST, source="UN")
    screen(partner, eu, "possible-match", screened_on=OLD)
    screen(partner, eu, "no-match", searched_name="Owner Ltd")
    screen(partner, un, "no-match")

    assert said(partners=[partner]) == [
        ("sanctions-list", "possible-match", "EU", "1", ("Tidal Institute",)),
        ("sanctions-list", "no-match", "UN", "1", ("Tidal Institute",)),
    ]
    screen(partner, eu, "no-match", searched_name="tidal institute", note="Another one")
    assert {fact[1] for fact in said(partners=[partner])} == {"no-match"}


def test_of_several_partners_the_worst_result_is_told(load, screen):
    tidal, wave = r.partner("Tidal"), r.partner("Wave")
    tracker = load("1", kind=ReferenceKind.NAMED_LIST, source="Tracker")
    screen(tidal, tracker, "match-very-high", note="Tidal Academy")
    screen(wave, tracker, "match-high")

    [fact] = reference_facts([], [tidal.pk, wave.pk])

    assert (fact.value, fact.about) == ("match-very-high", ("Tidal",))
    assert fact.note == "Tidal Academy"


def test_names_are_in_the_language_of_the_reader(load):
    load("2026", ("SE", "partly"))

    with override("nb"):
        assert [fact[-1] for fact in said(["SE"])] == [("Sverige",)]


@pytest.mark.parametrize("many", [1, 3])
def test_facts_cost_four_statements_whatever_the_number(
    load, screen, django_assert_num_queries, many
):
    queries._country_names.cache_clear()
    for kind in ReferenceKind:
        load("1", *indicators_of(kind), kind=kind)
        load("2", *indicators_of(kind), kind=kind, source="Another")
    partners = [r.partner() for _number in range(3)]
    for partner in partners:
        for edition in Edition.objects.filter(kind__in=ReferenceKind.LISTS):
            screen(partner, edition, "no-match")
    keys = [partner.pk for partner in partners]

    with django_assert_num_queries(4):
        facts = reference_facts(CODES[:many], keys[:many])

    assert len(facts) == 2 * len(ReferenceKind)


def indicators_of(kind: str) -> list[tuple[str, str]]:
    if kind in ReferenceKind.LISTS:
        return []
    return [(code, VALUES_BY_KIND[kind][0]) for code in CODES]


# What the database keeps -----------------------------------------------------------


def test_the_database_keeps_its_own_rules(cast, load, screen):
    edition = load("2026", ("IR", "yes"))
    names = load("2026", kind=ReferenceKind.SANCTIONS_LIST)
    screening = screen(r.partner(), names, "no-match")
    again = {"source": "Lovdata", "edition": "2026", "entered_by": cast.adviser}

    with refused("edition_loaded_once|register_edition.kind"):
        Edition.objects.create(kind=edition.kind, published_on=NEW, **again)
    with refused("edition_kind_known"):
        Edition.objects.create(kind="hearsay", published_on=NEW, **again)
    with refused("country_once_in_an_edition|indicator.edition_id"):
        CountryIndicator.objects.create(
            edition=edition, country_id="IR", value="partly"
        )
    with refused("indicator_value_known"):
        CountryIndicator.objects.create(edition=edition, country_id="CN", value="bad")
    with refused("indicator_value_known"):
        CountryIndicator.objects.create(
            edition=names, country_id="CN", value="no-match"
        )
    with refused("screening_result_known"):
        Screening.objects.filter(pk=screening.pk).update(result="guilty")


def test_what_was_used_is_not_deleted(load, screen):
    edition = load("2026", ("IR", "yes"))
    names = load("2026", kind=ReferenceKind.SANCTIONS_LIST)
    partner = r.partner()
    screen(partner, names, "no-match")

    for used in (edition, names, partner):
        with pytest.raises(ProtectedError):
            used.delete()


# The administration ----------------------------------------------------------------


def test_the_administration_shows_reference_data_and_changes_none(client, load, screen):
    edition = load("Spring", ("IR", "yes"), address="https://lovdata.example/")
    names = load("2026", kind=ReferenceKind.NAMED_LIST)
    screening = screen(r.partner("Tidal Institute"), names, "match-low")
    client.force_login(r.person("Kari Keeper", is_staff=True, is_superuser=True))

    for row in (edition, edition.indicators.get(), screening):
        model = row._meta.model_name
        shown = client.get(reverse(f"admin:register_{model}_changelist"))
        page = reverse(f"admin:register_{model}_change", args=[row.pk])
        added = client.post(reverse(f"admin:register_{model}_add"), {})

        assert str(row.pk) in shown.content.decode()
        assert client.get(page).status_code == 200
        assert client.post(page, {"note": "changed"}).status_code == 403
        assert added.status_code == 403
        assert client.post(page.replace("change", "delete")).status_code == 403
