"""One spelling for searching: lower case, no accents (tromso finds Tromsø)."""

import unicodedata

LETTERS = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ð": "d",
        "đ": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
    }
)


def fold(text: str) -> str:
    """`text` in lower case without accents and with single blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(bare.translate(LETTERS).replace("aa", "a").split())
