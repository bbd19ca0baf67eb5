from django.urls import URLPattern, path

from workflows.views import assessing, cases, deciding, handling

app_name = "workflows"

CASE = "cases/<uuid:public_id>/"
urlpatterns: list[URLPattern] = [
    path("", cases.my_work, name="my-work"),
    path(CASE, cases.case_detail, name="case-detail"),
    path(f"{CASE}take/", handling.TakeCase.as_view(), name="take_case"),
    path(f"{CASE}do/<str:verb>/", handling.WithReason.as_view(), name="with-reason"),
    path(f"{CASE}change/", handling.ChangeFacts.as_view(), name="amend"),
    path(f"{CASE}agreement/", handling.AddAgreement.as_view(), name="add_agreement"),
    path(f"{CASE}document/", handling.AddDocument.as_view(), name="add_document"),
    path(f"{CASE}questions/", assessing.Assess.as_view(), name="assess"),
    path(f"{CASE}ask/", deciding.AskDecision.as_view(), name="ask_decision"),
    path(f"{CASE}decide/", deciding.Decide.as_view(), name="decide"),
    path(f"{CASE}review/", deciding.OpenReview.as_view(), name="open_review"),
    path(f"{CASE}outcome/", deciding.ConcludeReview.as_view(), name="conclude"),
    path(f"{CASE}terminate/", deciding.GiveNotice.as_view(), name="give_notice"),
    path(f"{CASE}close/", deciding.Close.as_view(), name="close"),
    path(f"{CASE}<slug:tab>/", cases.case_detail, name="case-tab"),
]
