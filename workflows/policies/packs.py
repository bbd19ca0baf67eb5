"""Who keeps the question packs and the delegation table of an institution, and who
reads them."""

from typing import TYPE_CHECKING, Any

from register.choices import Role

if TYPE_CHECKING:
    from register.models import User


def may_keep_catalogue(user: "User", institution: Any) -> bool:
    """Copy, change and publish the institution's question packs and its delegation
    table."""
    return user.has_role(Role.SYSTEM_ADMINISTRATOR, institution)


def keeps_questions(user: "User") -> bool:
    """Whether there is an institution whose packs and table this person keeps."""
    return any(
        role == Role.SYSTEM_ADMINISTRATOR and path.count(".") == 1
        for role, path in user.roles
    )


READS_QUESTIONS = (*Role.OVERSEERS, Role.SYSTEM_ADMINISTRATOR)


def reads_questions_of(user: "User") -> set[int]:
    """The institutions whose packs and table this person may read: those in which they
    handle cases or keep the questions. Their content is no secret."""
    return {
        int(path.partition(".")[0])
        for role, path in user.roles
        if role in READS_QUESTIONS
    }
