"""Follow-ups that wait for one another would never be asked."""

import graphlib
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from django.utils.translation import gettext

from workflows.questions.faults import Finding, Path


def findings(
    waits: Mapping[str, Collection[str]], paths: Mapping[str, Path]
) -> Iterator[Finding]:
    """Each circle once. waits: the follow-ups for which each waits; paths: where the
    condition of each stands, in the order of the pack."""
    places = {code: place for place, code in enumerate(paths)}
    left = {code: set(others) & paths.keys() for code, others in waits.items()}
    while circle := _circle(left):
        for code, other in pairwise(circle):
            left[code].discard(other)
        start = circle.index(min(circle, key=places.__getitem__))
        turned = [*circle[start:-1], *circle[:start], circle[start]]
        yield Finding(
            paths[turned[0]],
            gettext("Follow-ups wait for one another: %(circle)s.")
            % {"circle": " → ".join(turned)},
            gettext("Take one of their conditions out."),
        )


def _circle(waits: Mapping[str, set[str]]) -> list[str]:
    """One circle, in which each waits for the next; its first name is also its last."""
    ordered = {code: sorted(names) for code, names in waits.items()}
    try:
        graphlib.TopologicalSorter(ordered).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return []
