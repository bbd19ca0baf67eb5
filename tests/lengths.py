"""How far the drawn and repeated tests go: the whole way in `./test --all` only."""

import os

REQUIRE_ALL = os.environ.get("MIDTVEIS_TEST_REQUIRE_ALL") == "1"


def whole_or_part(whole: int, part: int) -> int:
    """The same assertions either way; only how often they are asked differs."""
    return whole if REQUIRE_ALL else part
