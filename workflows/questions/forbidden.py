"""No question asks for a person's nationality, ethnicity, religion or opinions, nor for
where somebody was born (question catalogue 1.1)."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext

from workflows.questions.faults import Finding, Path, shortened
from workflows.questions.parts import Draft, Part

STEMS = (
    # Nationality and citizenship; citizen science is a method.
    r"nationalit",
    r"nasjonalitet",
    r"citizenship",
    r"\bcitizens? of\b",
    r"statsborg",
    # Ethnicity.
    r"ethnic",
    r"\betni(?:sk|sit|si|kum|citet)",
    r"\brace\b",
    r"\bracial\b",
    r"\brase(?:n|r|ne)?\b",
    # Religion; good faith is a matter of law.
    r"religi",
    r"trosbekjenn",
    r"truvedkjenn",
    r"tr[ou]ssamfunn",
    r"(?<!good )(?<!bad )\bfaith\b",
    r"livssyn",
    # Where somebody comes from.
    r"birth ?place",
    r"\b(?:place|country) of birth\b",
    r"\bf(?:ø|o|oe)d(?:e|sels) ?(?:sted|stad|land)",
    r"country of origin",
    r"opprinnelsesland",
    r"opphavsland",
    # Opinions.
    r"politic\w{0,9} (?:opinion|view|belief|conviction)",
    r"politisk\w{0,9} (?:syn|oppfat|mening|meining|overbevis|overtyd|stasted|stastad)",
)
FORBIDDEN = re.compile("|".join(STEMS))


def plain(text: str) -> str:
    """Small letters without accents and hidden signs; words parted by single blanks."""
    letters = unicodedata.normalize("NFKD", text)
    seen = "".join(
        letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf")
    )
    return re.sub(r"[\W_]+", " ", seen.casefold())


def person_questions(draft: Draft) -> Iterator[Finding]:
    """Every code or text that asks what may not be asked."""
    for part in [*draft.topics, *draft.questions]:
        yield from _told(part, "title" if part.kind == "topic" else "text")
        for inner in part.parts:
            yield from _told(inner, "text")


def _told(part: Part, key: str) -> Iterator[Finding]:
    for path, text in _texts(part, key):
        if found := FORBIDDEN.search(plain(text)):
            yield Finding(
                path,
                gettext("%(part)s asks for what may not be asked (“%(word)s”).")
                % {"part": part, "word": shortened(found[0])},
                gettext(
                    "Take it out: nobody is assessed by nationality, ethnicity, "
                    "religion, birthplace or opinions."
                ),
            )


def _texts(part: Part, key: str) -> Iterator[tuple[Path, str]]:
    yield part.at("code"), part.code
    texts = part.told.get(key)
    for language, text in texts.items() if isinstance(texts, dict) else ():
        if isinstance(text, str):
            yield part.at(key, language), text
