"""Fetch the front-end files that stand in `config/static/vendor`, and build the theme.

Run by hand when a version below changes: `python config/vendor.py`. It needs npm, which
nothing else does: the files it writes are committed, and the site runs on them alone.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE / "static" / "vendor"
THEME_TOOL = "@digdir/designsystemet@1.15.0"
# package@version: {file in the package: file in the vendor folder}
PACKAGES = {
    "@digdir/designsystemet-css@1.22.0": {
        "dist/src/index.css": "designsystemet/designsystemet.css",
        "LICENSE": "designsystemet/LICENSE",
    },
    "@fontsource-variable/inter@5.3.0": {
        "files/inter-latin-wght-normal.woff2": "inter/inter-latin.woff2",
        "files/inter-latin-ext-wght-normal.woff2": "inter/inter-latin-ext.woff2",
        "LICENSE": "inter/LICENSE",
    },
    "htmx.org@2.0.11": {
        "dist/htmx.min.js": "htmx/htmx.min.js",
        "LICENSE": "htmx/LICENSE",
    },
}


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def fetch(package: str, files: dict[str, str], folder: Path) -> None:
    name = run("npm", "pack", "--silent", package, folder=folder).splitlines()[-1]
    with tarfile.open(folder / name) as archive:
        for source, target in files.items():
            member = archive.extractfile(f"package/{source}")
            if member is None:
                raise SystemExit(f"{package} has no file {source}")
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            (VENDOR / target).write_bytes(member.read())


def build_theme(folder: Path) -> None:
    """Turn the four colours of `theme.json` into the tokens of a whole theme."""
    (folder / "designsystemet.config.json").write_bytes(
        (HERE / "theme.json").read_bytes()
    )
    for step in ("create", "build"):
        run("npx", "--yes", THEME_TOOL, "tokens", step, folder=folder)
    built = folder / "design-tokens-build" / "midtveis.css"
    (HERE / "static" / "css" / "theme.css").write_bytes(built.read_bytes())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package, files in PACKAGES.items():
            fetch(package, files, folder)
        build_theme(folder)


if __name__ == "__main__":
    main()
