"""What no question asks of a person."""

import pytest

from tests.workflows.questions.faulty import changed, lines_of, told
from workflows.questions.forbidden import FORBIDDEN, plain

PERSONS = [
    (
        'en: "Which parts?"',
        'en: "Which Nationalities take part?"',
        "line 38: Question EXP-2 asks for what may not be asked (“nationalit”). "
        "Take it out: nobody is assessed by nationality, ethnicity, religion, "
        "birthplace or opinions.",
    ),
    (
        "{code: end-date, text: {en: Until, nb: Til, nn: Til}",
        "{code: birth-place, text: {en: Until, nb: Til, nn: Fødestad}",
        "line 46: Field birth-place of EXP-2 asks for what may not be asked "
        "(“birth place”). Take it out: nobody is assessed by nationality, ethnicity, "
        "religion, birthplace or opinions.\n"
        "line 46: Field birth-place of EXP-2 asks for what may not be asked "
        "(“fødestad”). Take it out: nobody is assessed by nationality, ethnicity, "
        "religion, birthplace or opinions.",
    ),
    (
        "title: {en: Country, nb: Land",
        "title: {en: Country, nb: Opprinnelsesland",
        "line 60: Topic CTY asks for what may not be asked (“opprinnelsesland”). "
        "Take it out: nobody is assessed by nationality, ethnicity, religion, "
        "birthplace or opinions.",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PERSONS)
def test_fault_is_told_with_its_line_and_what_to_do(old, new, sentence):
    assert told(changed(old, new)) == lines_of(sentence)


ASKS_OF_A_PERSON = [
    *("What is your nationality?", "Nationalities", "NATIONALITY", "nationalité"),
    *("natio\u00adnality", "Citizenship", "Are they citizens of that country?"),
    *("Hvilken nasjonalitet har gjesten?", "statsborger", "statsborgarskap"),
    *("Ethnicity", "ethnic group", "etnisk bakgrunn", "etnisitet"),
    *("race", "Race/skin", "RACE-1", "rase", "hudfarge og rase", "rasen"),
    *("Religion", "religious belief", "religiøs", "trosbekjennelse"),
    *("truvedkjenning", "trossamfunn", "faith", "livssyn"),
    *("place of birth", "birthplace", "birth-place", "country of birth"),
    *("fødested", "Fødestad", "fødeland", "fødselsland"),
    *("country of origin", "country-of-origin", "opprinnelsesland", "opphavsland"),
    *("political opinions", "political-view", "politisk syn", "politiske meninger"),
    *("politiske oppfatninger", "politiske meiningar", "politisk overbevisning"),
]


@pytest.mark.parametrize("text", ASKS_OF_A_PERSON)
def test_what_may_never_be_asked_is_seen(text):
    assert FORBIDDEN.search(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "An international and multinational partner",
        "Nasjonal sikkerhet og internasjonal retning",
        "Research, traces of embrace, terraced graces",
        "Public statements, political pressure, policies and views on method",
        "Was the agreement made in good faith?",
        "Citizen science with technical ethics and polytechnics",
        "teknisk retning, forskningsetikk, politisk press, vurdering av meninger",
        "Fødselsdato og fase, frasen, brasen",
        "Date of birth certificate",
    ],
)
def test_ordinary_words_are_left_in_peace(text):
    assert FORBIDDEN.search(plain(text)) is None


def test_help_and_reasons_may_say_what_is_never_asked():
    text = changed("en: Look it up.", "en: Never ask for nationality or religion.")

    assert told(text) == []
