"""Every address of the site with the things that it is about: for tests that walk."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# The administration site makes its own addresses, each asked for by the same question.
MADE_BY_DJANGO = "admin:"


def patterns(
    found: list[Any] | None = None, namespace: str = "", route: str = ""
) -> Iterator[tuple[str, str]]:
    """(full name, route) of every address that the site knows."""
    for each in get_resolver().url_patterns if found is None else found:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            path = f"{route}{each.pattern}"
            yield from patterns(each.url_patterns, inner, path)
        elif isinstance(each, URLPattern):
            path = f"{route}{each.pattern}"
            yield f"{namespace}{each.name or path}", path


def names() -> set[str]:
    return {name for name, _route in patterns() if not name.startswith(MADE_BY_DJANGO)}


class Things:
    """What the addresses are about: by the beginning of a route, the values of each of
    its arguments. A new kind of thing must be added before its pages are walked."""

    def __init__(self, by_route: Mapping[str, Mapping[str, list[Any]]]):
        self.by_route = by_route

    def addresses(self) -> dict[str, list[str]]:
        """The name of each address → where it leads with these things."""
        found: dict[str, list[str]] = {}
        for name, route in patterns():
            if not name.startswith(MADE_BY_DJANGO):
                found.setdefault(name, []).extend(self._of(name, route))
        return found

    def _of(self, name: str, route: str) -> Iterator[str]:
        if "<" not in route:
            yield f"/{route}"
            return
        begins = [each for each in self.by_route if route.startswith(each)]
        assert begins, f"{name}: add what “{route}” is about to the things of this test"
        about = self.by_route[max(begins, key=len)]
        rows: list[dict[str, Any]] = [{}]
        for argument in (each for each in about if f":{each}>" in route):
            rows = [row | {argument: v} for row in rows for v in about[argument]]
        for row in rows:
            try:
                yield reverse(name, kwargs=row)
            except NoReverseMatch as error:
                raise AssertionError(f"{name}: {route} wants more: {error}") from error
