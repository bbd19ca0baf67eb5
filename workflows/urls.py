from django.urls import URLPattern, path

from workflows.views import (
    assessing,
    cases,
    deciding,
    handling,
    imports,
    proposal_partners,
    proposals,
)

app_name = "workflows"

CASE = "cases/<uuid:public_id>/"
IMPORT = "import/<uuid:public_id>/"
NEW = "new/<uuid:public_id>/"
urlpatterns: list[URLPattern] = [
    path("", cases.my_work, name="my-work"),
    path("new/", proposal_partners.ChoosePartner.as_view(), name="proposal-start"),
    path(
        "new/partner/",
        proposal_partners.AddPartner.as_view(),
        name="proposal-start-with-new",
    ),
    path(NEW, proposals.resume, name="proposal-resume"),
    path(
        f"{NEW}partners/",
        proposal_partners.ChoosePartner.as_view(),
        name="proposal-partners",
    ),
    path(
        f"{NEW}partner/",
        proposal_partners.AddPartner.as_view(),
        name="proposal-new-partner",
    ),
    path(f"{NEW}about/", proposals.About.as_view(), name="proposal-about"),
    path(f"{NEW}reasons/", proposals.Reasons.as_view(), name="proposal-reasons"),
    path(f"{NEW}summary/", proposals.Summary.as_view(), name="proposal-summary"),
    path("import/", imports.import_list, name="import-list"),
    path("import/new/", imports.import_start, name="import-start"),
    path(IMPORT, imports.import_detail, name="import-detail"),
    path(f"{IMPORT}columns/", imports.import_columns, name="import-columns"),
    path(f"{IMPORT}run/", imports.import_run, name="import-run"),
    path(f"{IMPORT}report.csv", imports.import_report, name="import-report"),
    path(CASE, cases.case_detail, name="case-detail"),
    path(f"{CASE}take/", handling.TakeCase.as_view(), name="take_case"),
    path(f"{CASE}do/<str:verb>/", handling.WithReason.as_view(), name="with-reason"),
    path(f"{CASE}change/", handling.ChangeFacts.as_view(), name="amend"),
    path(f"{CASE}agreement/", handling.AddAgreement.as_view(), name="add_agreement"),
    path(f"{CASE}document/", handling.AddDocument.as_view(), name="add_document"),
    path(f"{CASE}questions/", assessing.Assess.as_view(), name="assess"),
    path(
        f"{CASE}questions/<str:code>/",
        assessing.SaveAnswer.as_view(),
        name="save-answer",
    ),
    path(f"{CASE}confirm/", assessing.ConfirmAnswers.as_view(), name="confirm_answers"),
    path(f"{CASE}full/", assessing.TakeFullTrack.as_view(), name="take_full_track"),
    path(f"{CASE}complete/", assessing.Complete.as_view(), name="complete"),
    path(f"{CASE}ask/", deciding.AskDecision.as_view(), name="ask_decision"),
    path(f"{CASE}decide/", deciding.Decide.as_view(), name="decide"),
    path(f"{CASE}review/", deciding.OpenReview.as_view(), name="open_review"),
    path(f"{CASE}outcome/", deciding.ConcludeReview.as_view(), name="conclude"),
    path(f"{CASE}terminate/", deciding.GiveNotice.as_view(), name="give_notice"),
    path(f"{CASE}close/", deciding.Close.as_view(), name="close"),
    path(f"{CASE}<slug:tab>/", cases.case_detail, name="case-tab"),
]
