"""A form is readable by eye, by ear and by keyboard without anyone thinking of it."""

import re

from django import forms


class Proposal(forms.Form):
    title = forms.CharField(help_text="A few words.")
    kind = forms.ChoiceField(
        choices=[("r", "Research"), ("e", "Education")], widget=forms.RadioSelect
    )
    purpose = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"class": "tall"})
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


def test_control_carries_the_class_of_the_design_system_and_its_own():
    html = str(Proposal()["purpose"])

    assert re.findall(r'class="([^"]+)"', html) == ["ds-input tall"]


def test_label_hint_and_error_are_tied_to_their_control():
    html = Proposal({}, auto_id="id_%s")["title"].as_field_group()

    assert 'for="id_title"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert {"id_title", "id_title_helptext", "id_title_error"} == ids(html)


def test_required_is_said_in_words_and_only_where_it_is_so():
    form = Proposal()

    marked = {field.name for field in form if "(required)" in field.as_field_group()}

    assert marked == {"title", "kind"}


def test_choices_are_one_group_with_a_legend():
    html = Proposal()["kind"].as_field_group()

    assert html.count("<fieldset") == html.count("<legend") == 1
    assert re.findall(r'<label[^>]*for="([^"]+)">([^<]+)', html) == [
        ("id_kind_0", "Research"),
        ("id_kind_1", "Education"),
    ]


def test_error_summary_leads_to_each_control_that_needs_mending():
    html = str(Proposal({}))

    assert re.findall(r'href="#([^"]+)"', html) == ["id_title", "id_kind_0"]
    assert {"id_title", "id_kind_0"} <= ids(html)


def test_form_without_errors_has_no_summary():
    assert "ds-error-summary" not in str(Proposal())


def test_what_was_typed_is_still_there_when_the_form_comes_back():
    assert 'value="Sea &lt;ice&gt;"' in str(Proposal({"title": "Sea <ice>"}))


def test_hidden_field_is_rendered_once_and_without_a_label():
    html = str(Proposal())

    assert html.count('name="token"') == 1
    assert 'for="id_token"' not in html
