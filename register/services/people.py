"""What a person says of themselves."""

from register.models import User


def prefer_language(*, actor: User, language: str) -> None:
    """Pages and mails in this language from now on; an unknown one changes nothing."""
    if language in dict(User._meta.get_field("language").flatchoices):
        actor.language = language
        actor.save(update_fields=["language"])
