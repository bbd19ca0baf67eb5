"""`.env.example` is the manual of the settings: complete, exact, without secrets."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
ENTRY = re.compile(r"^(MIDTVEIS_\w+)=(.*)$", re.MULTILINE)
READ = re.compile(r'env\.[a-z]+\(\s*"([A-Z_]+)"')


def names_read_by(*files: str) -> set[str]:
    code = "".join((ROOT / "config" / file).read_text() for file in files)
    return {f"MIDTVEIS_{name}" for name in READ.findall(code)}


def names_asked_by_compose() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", COMPOSE))


def test_every_setting_is_in_the_example_and_nothing_else_is():
    known = names_read_by("settings.py", "serve.py") | names_asked_by_compose()

    assert {name for name, _ in ENTRY.findall(EXAMPLE)} == known


def test_every_setting_of_settings_py_is_read_through_config_env():
    code = (ROOT / "config" / "settings.py").read_text()

    assert "os.environ" not in code
    assert len(names_read_by("settings.py")) == len(re.findall(r"\benv\.\w+\(", code))


def test_every_entry_follows_a_comment():
    blocks = [block.splitlines() for block in EXAMPLE.split("\n\n")]
    entries = [lines for lines in blocks if any(ENTRY.match(line) for line in lines)]

    assert len(entries) == len(ENTRY.findall(EXAMPLE))
    assert [lines for lines in entries if not lines[-2].startswith("# ")] == []


def test_no_entry_has_a_value_to_forget_about():
    assert {value for _, value in ENTRY.findall(EXAMPLE)} == {""}
