"""One spelling for searching: lower case, no accents (tromso finds Tromsø)."""

import re
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
DOUBLE_A = re.compile("aa+")  # Aasen is Åsen


def fold(text: str) -> str:
    """`text` in lower case without accents and with single blanks. Folding what is
    folded changes nothing, so that stored text and question meet."""
    lower = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKD", lower)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(DOUBLE_A.sub("a", bare.translate(LETTERS)).split())
