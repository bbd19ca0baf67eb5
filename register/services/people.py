"""What a person says of themselves, and what their institution says of them."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.crypto import get_random_string

from register.models import User

LONGEST_NAME, LONGEST_ADDRESS = 150, 254  # as Django's own columns


def prefer_language(*, actor: User, language: str) -> None:
    """Pages and mails in this language from now on; an unknown one changes nothing."""
    if language in dict(User._meta.get_field("language").flatchoices):
        actor.language = language
        actor.save(update_fields=["language"])


def welcome(*, username: str) -> User:
    """Somebody whom the institution's sign-in service knows and we do not: an account
    without a right and without a password of its own. A name that is taken belongs to
    somebody else, so the new person gets another."""
    name = AbstractBaseUser.normalize_username(username.strip())[:120]
    if not name or User.objects.filter(username__iexact=name).exists():
        name = f"{name or 'person'}-{get_random_string(8).lower()}"
    user = User(username=name)
    user.set_unusable_password()
    user.save()
    return user


def take_over_facts(
    *, user: User, first_name: str, last_name: str, name: str, email: str
) -> None:
    """What the service leaves out stays as it is."""
    if not first_name and not last_name:
        first_name, _, last_name = name.rpartition(" ")
    told = {
        "first_name": first_name[:LONGEST_NAME],
        "last_name": last_name[:LONGEST_NAME],
        "email": email if len(email) <= LONGEST_ADDRESS else "",
    }
    new = {
        column: value
        for column, value in told.items()
        if value and value != getattr(user, column)
    }
    if new:
        User.objects.filter(pk=user.pk).update(**new)
        vars(user).update(new)
