"""Which words differ: marked on the side that has them, and nothing is lost."""

import pytest

from workflows.questions.wording import Words, compare


def marked(stretches):
    return [words.text.strip() for words in stretches if words.is_marked]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("", "", [], []),
        ("", "All new", [], ["All new"]),
        ("All old", "", ["All old"], []),
        ("The same words", "The same words", [], []),
        ("The old owner", "The new owner", ["old"], ["new"]),
        ("Owned by the state", "Owned by the state and a bank", [], ["and a bank"]),
        ("a\nb", "a b", [], []),
    ],
)
def test_words_are_marked_where_the_other_side_does_not_have_them(old, new, gone, come):
    wording = compare(old, new)

    assert marked(wording.old) == gone
    assert marked(wording.new) == come


@pytest.mark.parametrize(
    ("old", "new"), [("One  two\nthree", "two four"), ("x", "x y"), ("", "y")]
)
def test_both_texts_stay_whole(old, new):
    wording = compare(old, new)

    assert "".join(words.text for words in wording.old) == old
    assert "".join(words.text for words in wording.new) == new


def test_neighbours_that_differ_are_one_stretch():
    assert compare("a b c", "a x y c").new == (
        Words("a "),
        Words("x y ", is_marked=True),
        Words("c"),
    )
