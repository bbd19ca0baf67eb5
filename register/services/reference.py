"""Countries (ISO 3166) and fields of science (FORD): loaded after each migration, so
that an installation always has them and a newer edition mends their names."""

import gettext

import pycountry

from register.models import Country, ScienceField

NAMES = ["name_nb", "name_nn", "name_en"]

FORD = {
    "1": ("Naturvitenskap", "Naturvitskap", "Natural sciences"),
    "1.1": ("Matematikk", "Matematikk", "Mathematics"),
    "1.2": (
        "Informatikk og informasjonsvitenskap",
        "Informatikk og informasjonsvitskap",
        "Computer and information sciences",
    ),
    "1.3": ("Fysikk", "Fysikk", "Physical sciences"),
    "1.4": ("Kjemi", "Kjemi", "Chemical sciences"),
    "1.5": ("Geo- og miljøfag", "Geo- og miljøfag", "Earth and environmental sciences"),
    "1.6": ("Biologi", "Biologi", "Biological sciences"),
    "1.7": ("Annen naturvitenskap", "Annan naturvitskap", "Other natural sciences"),
    "2": ("Teknologi", "Teknologi", "Engineering and technology"),
    "2.1": ("Bygg og anlegg", "Bygg og anlegg", "Civil engineering"),
    "2.2": (
        "Elektro-, elektronikk- og informasjonsteknikk",
        "Elektro-, elektronikk- og informasjonsteknikk",
        "Electrical, electronic and information engineering",
    ),
    "2.3": ("Maskinteknikk", "Maskinteknikk", "Mechanical engineering"),
    "2.4": ("Kjemiteknikk", "Kjemiteknikk", "Chemical engineering"),
    "2.5": ("Materialteknikk", "Materialteknikk", "Materials engineering"),
    "2.6": ("Medisinsk teknikk", "Medisinsk teknikk", "Medical engineering"),
    "2.7": ("Miljøteknikk", "Miljøteknikk", "Environmental engineering"),
    "2.8": (
        "Miljøbioteknologi",
        "Miljøbioteknologi",
        "Environmental biotechnology",
    ),
    "2.9": (
        "Industriell bioteknologi",
        "Industriell bioteknologi",
        "Industrial biotechnology",
    ),
    "2.10": ("Nanoteknologi", "Nanoteknologi", "Nano-technology"),
    "2.11": ("Annen teknologi", "Annan teknologi", "Other engineering"),
    "3": (
        "Medisin og helsefag",
        "Medisin og helsefag",
        "Medical and health sciences",
    ),
    "3.1": ("Basalmedisin", "Basalmedisin", "Basic medicine"),
    "3.2": ("Klinisk medisin", "Klinisk medisin", "Clinical medicine"),
    "3.3": ("Helsefag", "Helsefag", "Health sciences"),
    "3.4": (
        "Medisinsk bioteknologi",
        "Medisinsk bioteknologi",
        "Medical biotechnology",
    ),
    "3.5": ("Annen medisin", "Annan medisin", "Other medical sciences"),
    "4": (
        "Landbruks- og veterinærfag",
        "Landbruks- og veterinærfag",
        "Agricultural and veterinary sciences",
    ),
    "4.1": (
        "Landbruk, skogbruk og fiskeri",
        "Landbruk, skogbruk og fiskeri",
        "Agriculture, forestry and fisheries",
    ),
    "4.2": ("Husdyrfag", "Husdyrfag", "Animal and dairy science"),
    "4.3": ("Veterinærmedisin", "Veterinærmedisin", "Veterinary science"),
    "4.4": (
        "Landbruksbioteknologi",
        "Landbruksbioteknologi",
        "Agricultural biotechnology",
    ),
    "4.5": (
        "Annen landbruksvitenskap",
        "Annan landbruksvitskap",
        "Other agricultural sciences",
    ),
    "5": ("Samfunnsvitenskap", "Samfunnsvitskap", "Social sciences"),
    "5.1": (
        "Psykologi og kognitive fag",
        "Psykologi og kognitive fag",
        "Psychology and cognitive sciences",
    ),
    "5.2": ("Økonomi og ledelse", "Økonomi og leiing", "Economics and business"),
    "5.3": ("Utdanning", "Utdanning", "Education"),
    "5.4": ("Sosiologi", "Sosiologi", "Sociology"),
    "5.5": ("Rettsvitenskap", "Rettsvitskap", "Law"),
    "5.6": ("Statsvitenskap", "Statsvitskap", "Political science"),
    "5.7": (
        "Samfunnsgeografi",
        "Samfunnsgeografi",
        "Social and economic geography",
    ),
    "5.8": (
        "Medier og kommunikasjon",
        "Medium og kommunikasjon",
        "Media and communications",
    ),
    "5.9": (
        "Annen samfunnsvitenskap",
        "Annan samfunnsvitskap",
        "Other social sciences",
    ),
    "6": ("Humaniora og kunstfag", "Humaniora og kunstfag", "Humanities and the arts"),
    "6.1": (
        "Historie og arkeologi",
        "Historie og arkeologi",
        "History and archaeology",
    ),
    "6.2": ("Språk og litteratur", "Språk og litteratur", "Languages and literature"),
    "6.3": (
        "Filosofi, etikk og religion",
        "Filosofi, etikk og religion",
        "Philosophy, ethics and religion",
    ),
    "6.4": ("Kunstfag", "Kunstfag", "Arts"),
    "6.5": ("Annen humaniora", "Annan humaniora", "Other humanities"),
}


def load_countries() -> None:
    translations = {
        language: gettext.translation(
            "iso3166-1", pycountry.LOCALES_DIR, languages=[language]
        )
        for language in ("nb", "nn")
    }
    Country.objects.bulk_create(
        [
            Country(
                code=country.alpha_2,
                alpha_3=country.alpha_3,
                name_en=getattr(country, "common_name", country.name),
                **{
                    f"name_{language}": known.gettext(
                        getattr(country, "common_name", country.name)
                    )
                    for language, known in translations.items()
                },
            )
            for country in pycountry.countries
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=NAMES,
    )


def load_fields_of_science() -> None:
    ScienceField.objects.bulk_create(
        [
            ScienceField(code=code, name_nb=nb, name_nn=nn, name_en=en)
            for code, (nb, nn, en) in FORD.items()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=NAMES,
    )
