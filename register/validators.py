"""Rules on one value, used by forms, imports and models alike."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import lei
from stdnum.no import orgnr

from register.choices import Scheme

ROR_FORM = re.compile(r"0([0-9a-hjkmnp-tv-z]{6})([0-9]{2})")
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# Country letters padded to three, an institution part, two digits (data model 2).
ERASMUS_FORM = re.compile(r"[A-Z]{1,3} {0,2}[A-Z][A-Z-]* ?[0-9]{2,3}")
PIC_FORM = re.compile(r"[0-9]{9}")


def clean_ror(value: str) -> str:
    """The bare ROR id from an id or an address.

    ROR: 0, six Crockford base-32 signs, two check digits (ISO 7064 mod 97-10).
    """
    bare = value.strip().lower().rstrip("/").rsplit("/", 1)[-1]
    match = ROR_FORM.fullmatch(bare)
    if not match:
        raise ValidationError(
            _("A ROR id looks like 03yrm5c26: nine signs that begin with 0.")
        )
    number = 0
    for sign in match[1]:
        number = number * 32 + CROCKFORD.index(sign)
    if 98 - (number * 100) % 97 != int(match[2]):
        raise ValidationError(
            _("The check digits of this ROR id do not fit. Copy it again from ror.org.")
        )
    return bare


def clean_erasmus(value: str) -> str:
    code = " ".join(value.upper().split())
    if not ERASMUS_FORM.fullmatch(code):
        raise ValidationError(
            _("An Erasmus code looks like “N OSLO01” or “UK EDINBUR01”.")
        )
    return code


def clean_pic(value: str) -> str:
    bare = "".join(value.split())
    if not PIC_FORM.fullmatch(bare):
        raise ValidationError(_("A PIC has nine digits."))
    return bare


def clean_lei(value: str) -> str:
    bare = lei.compact(value)
    if not (bare.isascii() and lei.is_valid(bare)):
        raise ValidationError(
            _("The check digits of this LEI do not fit. It has 20 letters and digits.")
        )
    return bare


def clean_no_org(value: str) -> str:
    bare = orgnr.compact(value)
    if not orgnr.is_valid(bare):
        raise ValidationError(
            _(
                "This is not a Norwegian organisation number: it has nine digits, "
                "the last of which checks the others."
            )
        )
    return bare


CLEANERS: dict[str, Callable[[str], str]] = {
    Scheme.ROR: clean_ror,
    Scheme.ERASMUS: clean_erasmus,
    Scheme.PIC: clean_pic,
    Scheme.LEI: clean_lei,
    Scheme.NO_ORG: clean_no_org,
}


def clean_identifier(scheme: str, value: str) -> str:
    """The value in its one written form. Raises ValidationError with the reason."""
    return CLEANERS[scheme](value)


def not_blank(value: str) -> None:
    if not value.strip():
        raise ValidationError(_("Write something here; blanks alone say nothing."))
