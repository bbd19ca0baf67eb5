import copy
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflows.questions.checking import check
from workflows.questions.reading import NotAPack, read, write

SOUND = (Path(__file__).parent / "sound.yaml").read_text(encoding="utf-8")


def refused(text: str) -> list[str]:
    with pytest.raises(NotAPack) as refusal:
        read(text, "my.yaml")
    assert str(refusal.value) == "\n".join(map(str, refusal.value.faults))
    return [str(fault) for fault in refusal.value.faults]


def test_every_node_has_its_line():
    text = "version: x\ntopics:\n  - code: EXP\n    title:\n      en: >\n        E\n"

    found = read(text, "x")

    assert found.document == {
        "version": "x",
        "topics": [{"code": "EXP", "title": {"en": "E\n"}}],
    }
    assert found.lines == {
        (): 1,
        ("version",): 1,
        ("topics",): 2,
        ("topics", 0): 3,
        ("topics", 0, "code"): 3,
        ("topics", 0, "title"): 4,
        ("topics", 0, "title", "en"): 5,
    }


WORDS_OF_TRUTH = ["yes", "no", "on", "off", "Yes", "NO", "y", "n", "True"]


@pytest.mark.parametrize("word", WORDS_OF_TRUTH)
def test_words_that_mean_yes_and_no_stay_words(word):
    document = read(f"{word}: {word}\nlist: [{word}]", "x").document

    assert document == {word: word, "list": [word]}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("12", 12),
        ("0", 0),
        ("-3", -3),
        ("'12'", "12"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("1234567890", "1234567890"),
        ("!!str true", "true"),
    ],
)
def test_only_true_false_and_whole_numbers_are_more_than_text(written, value):
    found = read(f"it: {written}", "x").document["it"]

    assert (found, type(found)) == (value, type(value))


PLAIN = (
    "is not a text, a whole number, true or false. Put it in quotes if it is a text."
)
KEY = "This key is not a text. Write a word, or put it in quotes."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nversion: 2026.11", f"line 2: “2026.11” {PLAIN}"),
        ("a: 2026-01-01", f"line 1: “2026-01-01” {PLAIN}"),
        ("a: ~", f"line 1: “~” {PLAIN}"),
        ("a: !!int many", f"line 1: “many” {PLAIN}"),
        ("a: !!bool yes", f"line 1: “yes” {PLAIN}"),
        ("a: !!python/name:os.system x", f"line 1: “x” {PLAIN}"),
        (
            "a:\nb: 1",
            "line 1: A value is missing. "
            "Write it after the colon, or take the key out.",
        ),
        ("a: !!set {b, c}", "line 1: The tag “set” is not read here. Take it out."),
        ("a: !!omap [b: c]", "line 1: The tag “omap” is not read here. Take it out."),
        (
            "a: 1\nb: 2\na: 3",
            "line 3: The key “a” stands here twice. Take one of the two out.",
        ),
        ("a: 1\n2: b", f"line 2: {KEY}"),
        (
            "[a, b]: c",
            f"line 1: {KEY}",
        ),
        (
            "base: &base {a: 1}\nb: {<<: *base}",
            f"line 2: {KEY}",
        ),
        (
            "a: b: c",
            "line 1: The YAML cannot be read here: mapping values are not allowed "
            "here. "
            "Look at the indentation, the colons and the quotes.",
        ),
        (
            "a: *b",
            "line 1: The YAML cannot be read here: found undefined alias 'b'. "
            "Look at the indentation, the colons and the quotes.",
        ),
        (
            "a: 1\n---\nb: 2",
            "line 2: The YAML cannot be read here: expected a single document in the "
            "stream, but found another document. "
            "Look at the indentation, the colons and the quotes.",
        ),
        (
            "a: 1\nb: \x07",
            "line 2: There is a character that YAML does not allow. "
            "Take it out, and save the file as UTF-8.",
        ),
        (
            "a: \ud800",
            "line 1: There is a character that YAML does not allow. "
            "Take it out, and save the file as UTF-8.",
        ),
        *(
            (
                empty,
                "line 1: The file holds no question pack. "
                "Begin with the keys “version”, “roles” and “topics”.",
            )
            for empty in ("", "# nothing", "- a", "just words")
        ),
        (
            "a: 1\nb: " + "[" * 12 + "]" * 12,
            "line 2: Lists and keys are nested deeper than a pack needs. "
            "Look for a wrong indentation or an open bracket.",
        ),
        (
            "a: &a [*a]",
            "line 1: Lists and keys are nested deeper than a pack needs. "
            "Look for a wrong indentation or an open bracket.",
        ),
        (
            "a: " + "x" * 2_000_000,
            "line 1: The file is larger than 2 MB. "
            "A question pack is smaller; choose another file.",
        ),
    ],
)
def test_what_is_no_pack_is_refused_with_its_line_and_what_to_do(text, sentence):
    assert refused(text) == [f"my.yaml, {sentence}"]


def test_all_that_is_wrong_with_values_and_keys_is_told_at_once():
    sentences = refused("a: 1.5\nb:\nb: 2\n3: c")

    assert [sentence.split(":")[0] for sentence in sentences] == [
        f"my.yaml, line {number}" for number in (1, 2, 3, 4)
    ]


def test_aliases_may_repeat_a_text_and_may_not_explode():
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]" for n in range(6)]

    assert read("a: &a [x]\nb: *a", "x").document == {"a": ["x"], "b": ["x"]}
    assert refused("\n".join(layers)) == [
        "my.yaml, line 1: The file unfolds to more than a pack can hold. "
        "Write texts out instead of pointing to them with “*”."
    ]


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "? "])
def test_a_million_open_brackets_are_refused_at_once(sign):
    assert len(refused(sign * 400_000)) == 1


def test_written_pack_is_plain_yaml_for_people():
    document = {
        "version": "2026.1",
        "name": {"nb": "Spørsmål og svar"},
        "options": [{"code": "no", "unsure": True, "days": 3}],
        "help": {"en": "One line.\nAnother."},
        "again": {"en": "One line.\nAnother."},
    }

    assert write(document) == (
        "version: '2026.1'\n"
        "name:\n"
        "  nb: Spørsmål og svar\n"
        "options:\n"
        "  - code: 'no'\n"
        "    unsure: true\n"
        "    days: 3\n"
        "help:\n"
        "  en: |-\n"
        "    One line.\n"
        "    Another.\n"
        "again:\n"
        "  en: |-\n"
        "    One line.\n"
        "    Another.\n"
    )


def texts(node, path=()):
    """The path of every text of a document."""
    if isinstance(node, str):
        yield path
    elif isinstance(node, dict | list):
        for key, each in node.items() if isinstance(node, dict) else enumerate(node):
            yield from texts(each, (*path, key))


DOCUMENT = read(SOUND, "sound.yaml").document
WORDED = [path for path in texts(DOCUMENT) if path[-1] in ("en", "nb", "nn")]
AWKWARD = st.sampled_from(
    ["yes", "2026.11", "~", "a: b", "# no", "- x", " x ", "x\n", "\nx", "'", '"']
)
SAYABLE = st.characters(exclude_categories=["Cs"])
WORDS = st.text(SAYABLE, min_size=1) | AWKWARD | st.text("ab \n:#'\"-å", min_size=90)


def at(node, path):
    for step in path:
        node = node[step]
    return node


@settings(max_examples=60, deadline=None)
@example({WORDED[0]: "a\x85b\u2028c\r\n"})
@given(st.dictionaries(st.sampled_from(WORDED), WORDS, max_size=8))
def test_pack_that_is_written_and_read_again_is_the_same(said):
    document = copy.deepcopy(DOCUMENT)
    for path, text in said.items():
        at(document, path[:-1])[path[-1]] = text

    written = write(document)

    assert read(written, "x").document == document
    assert yaml.safe_load(written) == document


@settings(max_examples=30, deadline=None)
@given(st.permutations([path for path in WORDED if path[-2] == "text"]))
def test_sound_pack_stays_sound_wherever_its_texts_stand(places):
    document = copy.deepcopy(DOCUMENT)
    for old, new in zip(sorted(places, key=str), places, strict=True):
        at(document, new[:-1])[new[-1]] = at(DOCUMENT, old)

    found = read(write(document), "x")

    assert found.document == document
    assert check(found.document, found.lines, "x") == []
