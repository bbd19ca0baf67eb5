"""Every text that stands in the code is said in bokmål and nynorsk as well."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from config import translations as t
from workflows.questions import reading

TEMPLATES = sorted(
    path.relative_to(t.ROOT / "templates")
    for path in (t.ROOT / "templates").rglob("*.*")
)
LANGUAGES = pytest.mark.parametrize("language", t.LANGUAGES)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")


def messages(texts):
    return {(m.context, m.id): m for m in texts if m.id}


def forms(text):
    return text if isinstance(text, tuple) else (text,)


def faults(message):
    """What is wrong with one translation."""
    pairs = list(zip(forms(message.id), forms(message.string), strict=True))
    checks = {
        "fuzzy": message.fuzzy,
        "missing": any(not said for _text, said in pairs),
        "placeholders": any(
            sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(said))
            for text, said in pairs
        ),
        "ending": any(
            text.endswith((".", ":", "\n")) != said.endswith((".", ":", "\n"))
            for text, said in pairs
        ),
    }
    return {name for name, wrong in checks.items() if wrong}


@pytest.fixture(scope="module")
def collected():
    return messages(t.collect())


def test_every_language_but_english_has_translations():
    spoken = {code for code, _name in settings.LANGUAGES}

    assert spoken - {"en"} == set(t.LANGUAGES)
    assert {path.name for path in settings.LOCALE_PATHS[0].iterdir()} == spoken - {"en"}


@pytest.mark.parametrize(
    "text",
    [
        (None, "Case officer"),
        (None, "Skip to the content"),
        (None, "Open the case (sign in first):"),
        (None, ("%(counter)s cooperation", "%(counter)s cooperations")),
        (None, "%(actor)s – %(what)s, %(when)s."),
    ],
)
def test_collecting_finds_modules_pages_mails_plurals_and_placeholders(text, collected):
    assert text in collected


@LANGUAGES
def test_each_text_of_the_code_is_in_the_catalogue_and_nothing_else(
    language, collected
):
    present = messages(t.catalogue(language))

    assert present.keys() == collected.keys(), "run `make translations`"


@LANGUAGES
def test_translations_are_whole_and_keep_the_placeholders(language):
    wrong = {text: faults(m) for text, m in messages(t.catalogue(language)).items()}

    assert {text: found for text, found in wrong.items() if found} == {}


@LANGUAGES
def test_compiled_file_says_what_the_readable_one_says(language):
    file = t.folder_of(language) / "django.mo"

    assert file.read_bytes() == t.compiled(t.catalogue(language)), (
        "run `make translations`"
    )


@pytest.mark.parametrize(
    ("text", "said", "fault"),
    [
        ("Save", "", {"missing"}),
        ("To %(who)s", "Til %(hvem)s", {"placeholders"}),
        ("%(a)s is saved.", "%(a)s er lagret", {"ending"}),
        (("%(n)d row", "%(n)d rows"), ("%(n)d rad", "rader"), {"placeholders"}),
        ("To %(who)s", "Til %(who)s", set()),
    ],
)
def test_the_check_sees_what_it_looks_for(text, said, fault):
    assert faults(Catalog().add(text, said)) == fault


def test_the_check_sees_a_guess():
    assert faults(Catalog().add("Save", "Lagre", flags=["fuzzy"])) == {"fuzzy"}


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("nb", "Fant %(counter)s partner", "Fant %(counter)s partnere"),
        ("nn", "Fann %(counter)s partnar", "Fann %(counter)s partnarar"),
    ],
)
def test_pages_are_said_in_the_reader_s_language(language, one, many):
    texts = ("%(counter)s partner found", "%(counter)s partners found")
    with override(language):
        assert [ngettext(*texts, number) for number in (1, 2, 0)] == [one, many, many]
        assert gettext("My work").startswith("Mine")


UNSPOKEN = (
    r"{#.*?#}|{% comment .*?endcomment %}",
    r"{% blocktranslate\b.*?{% endblocktranslate %}",
    r"{%.*?%}|{{.*?}}",
)
READ_ALOUD = r"""\b(?:aria-label|title|alt|placeholder)=["']([^"']*)"""


def bare_words(template):
    """Words of a template that a translator never sees."""
    for pattern in UNSPOKEN:
        template = re.sub(pattern, "", template, flags=re.DOTALL)
    seen = re.sub(r"<[^>]*>", "", template)
    heard = re.findall(READ_ALOUD, template)
    return set(re.findall(r"[^\W\d_]{2,}", " ".join([seen, *heard]))) - {"Midtveis"}


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_page_says_nothing_that_cannot_be_translated(template):
    assert bare_words((t.ROOT / "templates" / template).read_text()) == set()


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Save {% translate 'now' %}</p>", {"Save"}),
        ('<nav aria-label="Pages" class="tabs"></nav>', {"Pages"}),
        ("{% blocktranslate %}Save{% endblocktranslate %}{{ it }}", set()),
    ],
)
def test_the_check_sees_bare_words(template, words):
    assert bare_words(template) == words


def texts_of(node):
    """Every dictionary of languages in a pack."""
    if isinstance(node, dict) and "en" in node:
        yield node
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from texts_of(part)


def test_every_text_of_the_shipped_questions_is_in_all_languages():
    packs = sorted((Path(settings.BASE_DIR) / "workflows" / "packs").glob("*.yaml"))
    documents = [reading.read(p.read_text(encoding="utf-8"), p.name) for p in packs]
    texts = [text for read in documents for text in texts_of(read.document)]

    assert texts
    assert [text for text in texts if set(text) != {"nb", "nn", "en"}] == []
    assert [text for text in texts if not all(text.values())] == []
