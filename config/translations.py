"""Collect the texts to translate and compile the translations: `make translations`.

No gettext tools are needed: Django rewrites a template as calls of `gettext`, and Babel
reads such calls in templates and modules alike.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("config", "register", "workflows", "notifications")
LANGUAGES = ("nb", "nn")
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
}


def sources() -> Iterator[str]:
    """Every module and template as Python that calls `gettext`."""
    for folder in MODULES:
        for module in sorted((ROOT / folder).rglob("*.py")):
            yield module.read_text(encoding="utf-8")
    for template in sorted((ROOT / "templates").rglob("*.*")):
        # In brackets, because the indentation of a page is not that of a module.
        yield f"({templatize(template.read_text(encoding='utf-8'))}\n)"


def collect() -> Catalog:
    """All texts that stand in the code, in the order of the files."""
    texts = Catalog()
    for source in sources():
        file = io.BytesIO(source.encode())
        for _line, message, _comments, context in extract("python", file, KEYWORDS):
            texts.add(message, context=context)
    return texts


def folder_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES"


def catalogue(language: str) -> Catalog:
    """The translations as they stand in the `.po` file."""
    with (folder_of(language) / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(texts: Catalog) -> bytes:
    """What the `.mo` file of these translations holds."""
    file = io.BytesIO()
    write_mo(file, texts)
    return file.getvalue()


def refresh(language: str) -> Catalog:
    """Take new texts in, leave gone ones out, and write both files."""
    texts = catalogue(language)
    texts.update(collect(), no_fuzzy_matching=True, update_creation_date=False)
    with (folder_of(language) / "django.po").open("wb") as file:
        write_po(file, texts, width=0, no_location=True, ignore_obsolete=True)
    (folder_of(language) / "django.mo").write_bytes(compiled(texts))
    return texts


def untranslated(texts: Catalog) -> list[str]:
    """The texts of which a form is not translated yet; of a plural, its first form."""
    missing = []
    for message in texts:
        text, said = message.id, message.string
        if text and not all(said if isinstance(said, tuple) else (said,)):
            missing.append(text if isinstance(text, str) else text[0])
    return missing


def main() -> None:
    for language in LANGUAGES:
        missing = untranslated(refresh(language))
        sys.stdout.write(f"{language}: {len(missing)} texts wait to be translated\n")
        sys.stdout.writelines(f"  {text}\n" for text in missing)


if __name__ == "__main__":
    main()
