from django.urls import URLPattern, path

from register.views import (
    claims,
    cooperations,
    deputies,
    partners,
    people,
    screenings,
    units,
)

app_name = "register"

PERSON = "access/people/<uuid:public_id>/"
UNIT = "access/units/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("register/", cooperations.cooperation_list, name="cooperation-list"),
    path("partners/", partners.partner_list, name="partner-list"),
    path("partners/search/", partners.partner_search, name="partner-search"),
    path("partners/new/", partners.partner_add, name="partner-add"),
    path("partners/<uuid:public_id>/", partners.partner_detail, name="partner-detail"),
    path("partners/<uuid:public_id>/edit/", partners.partner_edit, name="partner-edit"),
    path(
        "partners/<uuid:public_id>/screening/",
        screenings.screening_add,
        name="screening-add",
    ),
    path("access/claims/", claims.claim_list, name="claim-list"),
    path("access/claims/<int:pk>/end/", claims.claim_end, name="claim-end"),
    path("access/", people.people_list, name="people"),
    path(PERSON, people.person_detail, name="person"),
    path(f"{PERSON}role/", people.GiveRole.as_view(), name="role-give"),
    path(f"{PERSON}role/<int:pk>/", people.EndRole.as_view(), name="role-end"),
    path(f"{PERSON}move/", people.MovePerson.as_view(), name="person-move"),
    path(f"{PERSON}left/", people.Leave.as_view(), name="person-left"),
    path(f"{PERSON}join/", people.JoinAccounts.as_view(), name="person-join"),
    path(f"{PERSON}blank/", people.BlankName.as_view(), name="person-blank"),
    path(f"{PERSON}deputy/", people.NameDeputy.as_view(), name="person-deputy"),
    path("access/units/", units.unit_tree, name="units"),
    path(UNIT, units.unit_detail, name="unit"),
    path(f"{UNIT}add/", units.AddUnit.as_view(), name="unit-add"),
    path(f"{UNIT}rename/", units.RenameUnit.as_view(), name="unit-rename"),
    path(f"{UNIT}move/", units.MoveUnit.as_view(), name="unit-move"),
    path(f"{UNIT}merge/", units.MergeUnit.as_view(), name="unit-merge"),
    path(f"{UNIT}close/", units.CloseUnit.as_view(), name="unit-close"),
    path("access/deputies/", deputies.my_deputies, name="deputies"),
    path("access/deputies/<int:pk>/end/", deputies.end_deputyship, name="deputy-end"),
]
