"""One question of a pack as a form, with its answers as smaller forms in it."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import CaseType
from workflows.choices import Moment
from workflows.forms.packs import (
    EFFECTS,
    NodeForm,
    actions_field,
    as_before,
    plain,
    put,
    show_at,
)
from workflows.questions import editing
from workflows.questions.faults import Fault, Path
from workflows.questions.pack import LANGUAGES
from workflows.questions.shapes import LANGUAGE_NAMES
from workflows.questions.telling import KEYS, QUESTION_KINDS

SPARE_ANSWERS, MOST_ANSWERS = 2, 40
FLAGS = ("core", "screen", "off")
LISTS = ("confirmed_by", "actions")
NEEDED_LISTS = ("moments", "case_types", "sources")
SOURCE = {"title": _("Title"), "address": _("Address"), "edition": _("Edition or year")}


class OptionForm(forms.Form):
    """One possible answer. A row without any text is not there."""

    code = forms.CharField(
        label=_("Code"), required=False, max_length=40, widget=forms.HiddenInput
    )
    level = forms.ChoiceField(label=_("Level"), choices=EFFECTS, required=False)
    unsure = forms.BooleanField(label=KEYS["unsure"], required=False)
    remove = forms.BooleanField(label=_("Take this answer out"), required=False)

    def __init__(self, *args: Any, told: dict[str, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.told = told
        for language in LANGUAGES:
            self.fields[f"text_{language}"] = forms.CharField(
                label=str(LANGUAGE_NAMES[language]).capitalize(),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
            )
            self.initial[f"text_{language}"] = told.get("text", {}).get(language, "")
        for key in ("code", "level", "unsure"):
            self.initial[key] = told.get(key, "")
        if not told:
            del self.fields["remove"]

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[f"text_{language}"] for language in LANGUAGES]

    @property
    def is_left_out(self) -> bool:
        given = self.cleaned_data
        says = [value for name, value in given.items() if name != "remove" and value]
        return bool(given.get("remove")) or not (self.told or says)

    def node(self, taken: list[str]) -> dict[str, Any]:
        """taken: the codes of the other answers."""
        given = self.cleaned_data
        texts = {each: plain(given[f"text_{each}"]) for each in LANGUAGES}
        code = given["code"] or editing.option_code(texts["en"], taken)
        node = {**self.told, "code": code, "text": texts}
        put(node, "level", given["level"])
        put(node, "unsure", given["unsure"])
        return node


class QuestionForm(NodeForm):
    """is_own: it does not ship with the product, so that its kind may be chosen."""

    optional_texts = ("help",)
    answers_shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._ask_who()
        self._ask_when()
        if is_own:
            kinds = forms.ChoiceField(
                label=_("Kind of question"), choices=list(QUESTION_KINDS.items())
            )
            self.offer("kind", kinds, "one")
        self.offer("actions", actions_field(self.pack))
        self._ask_sources()
        self.options = [
            OptionForm(
                self.data if self.is_bound else None,
                prefix=f"answer-{number}",
                told=told,
            )
            for number, told in enumerate(self._told_options())
        ]
        self.initial["answers_shown"] = len(self.options)

    # Fields --------------------------------------------------------------------------
    def _ask_who(self) -> None:
        roles = [(code, self.pack.pack.role(code)) for code in self.pack.pack.roles]
        who = forms.ChoiceField(
            label=KEYS["who"], choices=roles, help_text=_("Whose answer counts.")
        )
        confirmed = forms.MultipleChoiceField(
            label=KEYS["confirmed_by"],
            choices=roles,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.offer("who", who)
        self.offer("confirmed_by", confirmed)

    def _ask_when(self) -> None:
        for key, choices in (("moments", Moment), ("case_types", CaseType)):
            field = forms.MultipleChoiceField(
                label=KEYS[key],
                choices=choices.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.offer(key, field, choices.values)
        for key in FLAGS:
            flag = forms.BooleanField(label=KEYS[key], required=False)
            self.offer(key, flag, False)
        condition = forms.CharField(
            label=KEYS["show_if"],
            required=False,
            help_text=_(
                "Left empty, it is always asked. For example: "
                "EXP-1 in (yes, unsure) and TEC-1 not in (no)"
            ),
        )
        self.offer("show_if", condition, "")

    def _ask_sources(self) -> None:
        sources = self.pack.pack.sources.values()
        field = forms.MultipleChoiceField(
            label=KEYS["sources"],
            choices=[(source.key, str(source)) for source in sources],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.offer("sources", field)
        for key, label in SOURCE.items():
            self.fields[f"source_{key}"] = forms.CharField(
                label=label, required=False, max_length=300
            )

    def _told_options(self) -> list[dict[str, Any]]:
        """Those of the question, in the order of the page, then the spare ones."""
        told = self.node.get("options", [])
        if not self.is_bound:
            return [*told, *({} for _ in range(self.spare))]
        known = {option["code"]: option for option in told}
        shown = str(self.data.get("answers_shown", ""))
        number = min(int(shown) if shown.isdigit() else 0, MOST_ANSWERS)
        codes = [self.data.get(f"answer-{n}-code", "") for n in range(number)]
        return [known.get(str(code), {}) for code in codes]

    @property
    def spare(self) -> int:
        return SPARE_ANSWERS if self.node.get("options") else 2 * SPARE_ANSWERS

    # What was typed ------------------------------------------------------------------
    def is_valid(self) -> bool:
        return all([super().is_valid(), *(each.is_valid() for each in self.options)])

    def changed_node(self) -> dict[str, Any]:
        node = super().changed_node()
        given = self.cleaned_data
        for key in ("who", "kind"):
            if key in self.fields and given[key] != self.initial.get(key):
                node[key] = given[key]
        for key in LISTS:
            put(node, key, as_before(node.get(key, ()), given[key]))
        for key in NEEDED_LISTS:
            node[key] = as_before(node.get(key, ()), given[key])
        for key in (*FLAGS, "show_if"):
            put(node, key, given[key])
        put(node, "options", self.changed_options())
        return node

    def changed_options(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = []
        for form in self.kept_options:
            others = [each.cleaned_data["code"] for each in self.kept_options]
            nodes.append(form.node(others + [node["code"] for node in nodes]))
        return nodes

    @cached_property
    def kept_options(self) -> list[OptionForm]:
        return [form for form in self.options if not form.is_left_out]

    @cached_property
    def typed_document(self) -> dict[str, Any]:
        """A source of the institution's own joins those of the pack."""
        document = self.document_around()
        source = {key: self.cleaned_data[f"source_{key}"] for key in SOURCE}
        if any(source.values()):
            document, key = editing.with_source(document, source)
            self.cleaned_data["sources"] = [*self.cleaned_data["sources"], key]
        return editing.with_node(document, self.path, self.changed_node())

    def document_around(self) -> dict[str, Any]:
        """The document in which the question has its place."""
        return self.document

    @property
    def parts(self) -> list[forms.Form]:
        return [self, *self.options]

    # Faults --------------------------------------------------------------------------
    def take_fault(self, fault: Fault, at: Path) -> bool:
        if at[:1] == ("options",) and len(at) > 1:
            option = self.kept_options[int(at[1])]
            return show_at(option, fault, at[2:] or ("level",))
        return super().take_fault(fault, at)


class NewQuestionForm(QuestionForm):
    """A question of the institution's own, at the end of a topic. path: the topic."""

    def __init__(self, *args: Any, code: str, **kwargs: Any):
        super().__init__(*args, is_own=True, **kwargs)
        self.topic = self.path
        questions = editing.node_at(self.document, self.topic)["questions"]
        self.path = (*self.topic, "questions", len(questions))
        self.offer("code", forms.CharField(label=_("Code"), required=False), code)

    def found(self) -> dict[str, Any]:
        return {}

    def document_around(self) -> dict[str, Any]:
        return editing.with_question(self.document, self.topic, {})

    def changed_node(self) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        return {
            "code": self.cleaned_data["code"],
            **super().changed_node(),
            "who": self.cleaned_data["who"],
            "kind": kind,
        }
