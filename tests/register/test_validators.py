"""Identifiers: the checksum is reckoned a second time here, in another way."""

from string import ascii_lowercase, digits

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from register.choices import Scheme
from register.validators import CLEANERS, CROCKFORD, clean_identifier, not_blank

ROR_DIGITS = "The check digits of this ROR id do not fit"
ROR_FORM = "A ROR id looks like"
ERASMUS = "An Erasmus code looks like"
PIC = "A PIC has nine digits"
LEI = "The check digits of this LEI do not fit"
IN_BASE_32 = str.maketrans(CROCKFORD, digits + ascii_lowercase[:22])
NO_ORG = "This is not a Norwegian organisation number"


@pytest.mark.parametrize(
    ("scheme", "written", "kept"),
    [
        (Scheme.ROR, "01xtthb56", "01xtthb56"),
        (Scheme.ROR, " https://ror.org/01XTTHB56/ ", "01xtthb56"),
        (Scheme.ROR, "ror.org/00wge5k78", "00wge5k78"),
        (Scheme.ROR, "03yrm5c26", "03yrm5c26"),
        (Scheme.ERASMUS, "N OSLO01", "N OSLO01"),
        (Scheme.ERASMUS, " n   oslo01", "N OSLO01"),
        (Scheme.ERASMUS, "UK EDINBUR01", "UK EDINBUR01"),
        (Scheme.ERASMUS, "D  BERLIN13", "D BERLIN13"),
        (Scheme.ERASMUS, "F PARIS476", "F PARIS476"),
        (Scheme.PIC, "999 974 650", "999974650"),
        (Scheme.LEI, "213800wsgiizcxf1p572", "213800WSGIIZCXF1P572"),
        (Scheme.LEI, "5493 00IB P32U QZ0K L24", None),
        (Scheme.NO_ORG, "971 035 854", "971035854"),
        (Scheme.NO_ORG, "974767880", "974767880"),
    ],
)
def test_a_right_identifier_is_kept_in_its_one_form(scheme, written, kept):
    if kept is None:
        with pytest.raises(ValidationError):
            clean_identifier(scheme, written)
    else:
        assert clean_identifier(scheme, written) == kept
        assert clean_identifier(scheme, kept) == kept


@pytest.mark.parametrize(
    ("scheme", "written", "sentence"),
    [
        (Scheme.ROR, "01xtthb57", ROR_DIGITS),  # one digit
        (Scheme.ROR, "01xtthb65", ROR_DIGITS),  # swapped digits
        (Scheme.ROR, "01txthb56", ROR_DIGITS),  # swapped letters
        (Scheme.ROR, "01xtthb5", ROR_FORM),
        (Scheme.ROR, "11xtthb56", ROR_FORM),
        (Scheme.ROR, "01xtuhb56", ROR_FORM),  # u is no Crockford sign
        (Scheme.ROR, "01xtthb5٦", ROR_FORM),  # another script's six
        (Scheme.ROR, "", ROR_FORM),
        (Scheme.ERASMUS, "OSLO", ERASMUS),
        (Scheme.ERASMUS, "N OSLO1", ERASMUS),
        (Scheme.ERASMUS, "N OSLO0١", ERASMUS),
        (Scheme.ERASMUS, "NORW OSLO01", ERASMUS),
        (Scheme.PIC, "99997465", PIC),
        (Scheme.PIC, "9999746500", PIC),
        (Scheme.PIC, "99997465٠", PIC),
        (Scheme.PIC, "99997465A", PIC),
        (Scheme.LEI, "213800WSGIIZCXF1P573", LEI),
        (Scheme.LEI, "213800WSGIIZCXF1P57", LEI),
        (Scheme.LEI, "213800WSGIIZCXF1P57٢", LEI),
        (Scheme.NO_ORG, "971035855", NO_ORG),
        (Scheme.NO_ORG, "917035854", NO_ORG),
        (Scheme.NO_ORG, "97103585", NO_ORG),
        (Scheme.NO_ORG, "97103585٤", NO_ORG),
    ],
)
def test_a_wrong_identifier_is_refused_with_its_sentence(scheme, written, sentence):
    with pytest.raises(ValidationError, match=sentence):
        clean_identifier(scheme, written)


def test_every_scheme_has_its_rule():
    assert set(CLEANERS) == set(Scheme.values)


def accepts(scheme: str, value: str) -> bool:
    try:
        return clean_identifier(scheme, value) == value
    except ValidationError:
        return False


@given(st.text(CROCKFORD, min_size=6, max_size=6))
def test_of_all_check_digits_of_a_ror_id_exactly_one_pair_fits(middle):
    """ISO 7064 mod 97-10, read aloud: number and check digits together leave 1."""
    number = int(middle.translate(IN_BASE_32), 32)
    fitting = {f"0{middle}{c:02}" for c in range(2, 99) if (number * 100 + c) % 97 == 1}

    assert {v for c in range(100) if accepts("ror", v := f"0{middle}{c:02}")} == fitting
    assert len(fitting) == 1


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
def test_of_all_check_digits_of_a_lei_exactly_one_pair_fits(base):
    def leaves_one(value: str) -> bool:
        return int("".join(str(int(sign, 36)) for sign in value)) % 97 == 1

    fitting = {f"{base}{c:02}" for c in range(2, 99) if leaves_one(f"{base}{c:02}")}

    assert {v for c in range(2, 99) if accepts("lei", v := f"{base}{c:02}")} == fitting


@given(st.text("0123456789", min_size=8, max_size=8))
def test_the_last_digit_of_a_norwegian_number_weighs_the_others(base):
    weighed = sum(
        int(d) * k for d, k in zip(base, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)
    )
    check = -weighed % 11

    accepted = {digit for digit in "0123456789" if accepts("no_org", base + digit)}

    assert accepted == ({str(check)} if check < 10 else set())


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0", "\u2003"])
def test_blanks_alone_say_nothing(blank):
    with pytest.raises(ValidationError, match="blanks alone say nothing"):
        not_blank(blank)
