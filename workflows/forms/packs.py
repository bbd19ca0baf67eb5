"""Input from the pages of question packs. What is sound is for the check of the pack to
say: a form asks for nothing itself, and shows each fault at the field it belongs to."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from register.models import Unit, User
from workflows.forms.cases import LongText
from workflows.models import Catalogue
from workflows.queries import institutions_kept_by, packs_visible_to
from workflows.questions import editing
from workflows.questions.faults import Fault, Path
from workflows.questions.pack import LANGUAGES, LEVELS
from workflows.questions.reading import MOST_BYTES
from workflows.questions.shapes import LANGUAGE_NAMES
from workflows.questions.telling import KEYS

LEVEL_CHOICES = [(code, Risk(level).label) for code, level in LEVELS.items()]
EFFECTS = [("", _("No effect on the risk")), *LEVEL_CHOICES]


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("The file"),
        help_text=_("A question pack in YAML, as this site exports it."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )
    institution: forms.ModelChoiceField = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Institution"), empty_label=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kept = institutions_kept_by(user)
        field = cast(forms.ModelChoiceField, self.fields["institution"])
        field.queryset = kept
        if len(kept) == 1:
            field.initial, field.widget = kept[0], forms.HiddenInput()

    def clean_file(self) -> Any:
        """The text of the file and its name."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _(
                    "The file is larger than 2 MB. A question pack is smaller; "
                    "choose another file."
                )
            )
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _(
                    "This is not a text file in UTF-8. Save it as UTF-8, or export a "
                    "version and change that."
                )
            ) from error
        return text, file.name


class CompareForm(forms.Form):
    """Two versions; the names of the fields are those in the address."""

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        packs = packs_visible_to(user).defer("content")
        for name, label in (("from", _("From version")), ("to", _("To version"))):
            self.fields[name] = PackField(packs, label=label, empty_label=None)


class PackField(forms.ModelChoiceField):
    def label_from_instance(self, pack: Any) -> str:
        whose = pack.institution or _("ships with Midtveis")
        state = "" if pack.is_published else f", {_('draft')}"
        return f"{pack.version} ({whose}{state})"


class DraftForm(forms.Form):
    """Knows in which state its person saw the draft."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, pack: Catalogue, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.pack = pack
        self.fields["seen"].initial = pack.sha256

    @property
    def parts(self) -> list[forms.Form]:
        """The form and the smaller ones in it."""
        return [self]

    @property
    def has_faults(self) -> bool:
        return any(part.errors for part in self.parts)

    def look_again(self) -> None:
        """Somebody was faster: keep what was typed, on the draft as it is now."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = self.pack.sha256
        self.data = data

    def take_faults(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.add_error(None, str(fault))


class PublishForm(DraftForm):
    note = LongText(
        label=_("What is new?"),
        error_messages={"required": _("Say what is new in this version.")},
        help_text=_("Those who handle cases read it beside the version."),
    )


class NodeForm(DraftForm):
    """One node of the pack: its texts in every language, and what a subclass adds.

    What the form does not know of stays as it is in the node."""

    texts: tuple[str, ...] = ("text",)
    optional_texts: tuple[str, ...] = ()

    def __init__(self, *args: Any, pack: Catalogue, path: Path, **kwargs: Any):
        super().__init__(*args, pack=pack, **kwargs)
        self.document, self.path = pack.document, path
        self.node = self.found()
        for key in (*self.texts, *self.optional_texts):
            for language in LANGUAGES:
                self.fields[f"{key}_{language}"] = text_field(key, language)
                told = self.node.get(key, {}).get(language, "")
                self.initial[f"{key}_{language}"] = told

    def found(self) -> dict[str, Any]:
        return dict(editing.node_at(self.document, self.path))

    @cached_property
    def typed_document(self) -> dict[str, Any]:
        """The whole document with what was typed in its place."""
        return editing.with_node(self.document, self.path, self.changed_node())

    def changed_node(self) -> dict[str, Any]:
        node = dict(self.node)
        for key in self.texts:
            node[key] = self.typed(key)
        for key in self.optional_texts:
            put(node, key, self.typed(key) if any(self.typed(key).values()) else {})
        return node

    def typed(self, key: str) -> dict[str, str]:
        return {
            language: plain(self.cleaned_data[f"{key}_{language}"])
            for language in LANGUAGES
        }

    def offer(self, key: str, field: forms.Field, default: Any = None) -> None:
        self.fields[key] = field
        self.initial[key] = self.node.get(key, default)

    def take_faults(self, faults: Iterable[Fault]) -> None:
        """Each fault at its field, the others above the form."""
        depth = len(self.path)
        for fault in faults:
            if fault.path[:depth] != self.path:
                self.add_error(None, str(fault))
            elif not self.take_fault(fault, fault.path[depth:]):
                self.add_error(None, f"{fault.what} {fault.do}")

    def take_fault(self, fault: Fault, at: Path) -> bool:
        """Show a fault at its field; False where it has none here."""
        return show_at(self, fault, at)


def show_at(form: forms.Form, fault: Fault, at: Path) -> bool:
    names = ["_".join(map(str, at[:2])), *at[:1], f"{at[0]}_en" if at else ""]
    name = next((name for name in names if name in form.fields), None)
    if name:
        form.add_error(str(name), f"{fault.what} {fault.do}")
    return name is not None


def text_field(key: str, language: str, rows: int = 4) -> forms.CharField:
    label = f"{KEYS[key]} ({LANGUAGE_NAMES[language]})"
    attrs = {"rows": rows, "lang": language}
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs=attrs)
    )


def plain(text: str) -> str:
    """A text as a pack keeps it, whatever the browser makes of the ends of lines."""
    return text.replace("\r\n", "\n").strip()


def put(node: dict[str, Any], key: str, value: Any) -> None:
    """Write a value that says something; what says nothing is left out of the pack."""
    if value or node.get(key) == value:
        node[key] = value
    else:
        node.pop(key, None)


def as_before(before: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """The chosen codes in the order in which they stood, new ones after them."""
    before, chosen = list(before), list(chosen)
    kept = [code for code in before if code in chosen]
    return kept + [code for code in chosen if code not in kept]


def actions_field(pack: Catalogue) -> forms.MultipleChoiceField:
    actions = sorted(pack.pack.actions.values(), key=lambda action: action.title)
    return forms.MultipleChoiceField(
        label=KEYS["actions"],
        choices=[
            (action.code, f"{action.title} ({action.code})") for action in actions
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class RuleForm(NodeForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for key in ("raise_to", "propose"):
            levels = [("", _("–")), *LEVEL_CHOICES]
            choice = forms.ChoiceField(label=KEYS[key], choices=levels, required=False)
            self.offer(key, choice, "")
        self.offer("actions", actions_field(self.pack))

    def changed_node(self) -> dict[str, Any]:
        node = super().changed_node()
        for key in ("raise_to", "propose"):
            put(node, key, self.cleaned_data[key])
        chosen = as_before(node.get("actions", ()), self.cleaned_data["actions"])
        put(node, "actions", chosen)
        return node


class ActionForm(NodeForm):
    """What an action says and when it comes into play. What it does is its kind."""

    texts = ("title", "text")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        levels = forms.ChoiceField(label=KEYS["fires_at"], choices=LEVEL_CHOICES)
        self.offer("fires_at", levels)
        for key in ("days", "months"):
            if key in self.node:
                number = forms.IntegerField(
                    label=KEYS[key], required=False, min_value=1
                )
                self.offer(key, number)

    def changed_node(self) -> dict[str, Any]:
        node = super().changed_node()
        for key in ("fires_at", "days", "months"):
            if key in self.fields:
                put(node, key, self.cleaned_data[key])
        return node
