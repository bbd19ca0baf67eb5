"""The pages run on the files that stand here, and on nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.vendor import PACKAGES, VENDOR

STATIC = Path(settings.BASE_DIR) / "config" / "static"
STYLES = sorted(STATIC.rglob("*.css"))


def test_vendor_folder_holds_exactly_what_the_refresh_script_fetches():
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*.*")}
    licences = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("LICENSE")}

    assert present | licences == {
        target for files in PACKAGES.values() for target in files.values()
    }


def test_every_package_stands_here_with_an_exact_version_and_its_licence():
    for package, files in PACKAGES.items():
        assert re.search(r".@\d+\.\d+\.\d+$", package), package
        assert "LICENSE" in files, package


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_style_sheet_asks_only_for_files_that_stand_here(style):
    source = style.read_text()
    wanted = [
        address
        for address in re.findall(r"""url\(\s*["']?([^"')]+)""", source)
        if not address.startswith("data:")
    ]

    assert "@import" not in source
    assert [name for name in wanted if not (style.parent / name).is_file()] == []


def test_there_are_style_sheets_to_check():
    assert {"midtveis.css", "theme.css", "designsystemet.css"} == {
        path.name for path in STYLES
    }
