from django.urls import URLPattern, path

from register.views import claims, cooperations, partners, screenings

app_name = "register"
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
]
