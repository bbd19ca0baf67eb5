from django.urls import URLPattern, path

from workflows.views import (
    advising,
    assessing,
    cases,
    comparing,
    completing,
    deciding,
    handling,
    imports,
    looking,
    pack_editing,
    packs,
    proposal_partners,
    proposals,
)

app_name = "workflows"

CASE = "cases/<uuid:public_id>/"
IMPORT = "import/<uuid:public_id>/"
NEW = "new/<uuid:public_id>/"
PACK = "questions/<int:pk>/"
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
    path(f"{NEW}questions/", proposals.Questions.as_view(), name="proposal-questions"),
    path(f"{NEW}summary/", proposals.Summary.as_view(), name="proposal-summary"),
    path("import/", imports.import_list, name="import-list"),
    path("import/new/", imports.import_start, name="import-start"),
    path(IMPORT, imports.import_detail, name="import-detail"),
    path(f"{IMPORT}columns/", imports.import_columns, name="import-columns"),
    path(f"{IMPORT}run/", imports.import_run, name="import-run"),
    path(f"{IMPORT}report.csv", imports.import_report, name="import-report"),
    path("questions/", packs.pack_list, name="pack-list"),
    path("questions/copy/", packs.pack_copy, name="pack-copy"),
    path("questions/import/", packs.pack_import, name="pack-import"),
    path("questions/compare/", packs.pack_compare, name="pack-compare"),
    path(PACK, packs.pack_detail, name="pack-detail"),
    path(f"{PACK}export/", packs.pack_export, name="pack-export"),
    path(f"{PACK}publish/", pack_editing.Publish.as_view(), name="pack-publish"),
    path(f"{PACK}discard/", pack_editing.Discard.as_view(), name="pack-discard"),
    path(
        f"{PACK}topics/<str:code>/",
        pack_editing.AddQuestion.as_view(),
        name="pack-add-question",
    ),
    path(
        f"{PACK}change/<str:code>/",
        pack_editing.EditQuestion.as_view(),
        name="pack-question",
    ),
    path(
        f"{PACK}take-out/<str:code>/",
        pack_editing.TakeOutQuestion.as_view(),
        name="pack-take-out",
    ),
    path(f"{PACK}rules/<str:code>/", pack_editing.EditRule.as_view(), name="pack-rule"),
    path(
        f"{PACK}actions/<str:code>/",
        pack_editing.EditAction.as_view(),
        name="pack-action",
    ),
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
    path(
        f"{CASE}confirm/", completing.ConfirmAnswers.as_view(), name="confirm_answers"
    ),
    path(f"{CASE}full/", completing.TakeFullTrack.as_view(), name="take_full_track"),
    path(f"{CASE}complete/", completing.Complete.as_view(), name="complete"),
    path(f"{CASE}evidence/", looking.EvidenceList.as_view(), name="add_evidence"),
    path(
        f"{CASE}evidence/<str:code>/",
        looking.AddEvidence.as_view(),
        name="add_evidence",
    ),
    path(f"{CASE}points/", looking.PointList.as_view(), name="settle_point"),
    path(
        f"{CASE}points/<int:point>/",
        looking.SettlePoint.as_view(),
        name="settle_point",
    ),
    path(f"{CASE}invite/", looking.InviteAssessor.as_view(), name="invite_assessor"),
    path(f"{CASE}hand-in/", looking.HandIn.as_view(), name="hand_in"),
    path(f"{CASE}assessors/", looking.assessors, name="assessors"),
    path(f"{CASE}ask/", deciding.AskDecision.as_view(), name="ask_decision"),
    path(f"{CASE}decide/", deciding.Decide.as_view(), name="decide"),
    path(f"{CASE}review/", deciding.OpenReview.as_view(), name="open_review"),
    path(f"{CASE}outcome/", deciding.ConcludeReview.as_view(), name="conclude"),
    path(f"{CASE}terminate/", deciding.GiveNotice.as_view(), name="give_notice"),
    path(f"{CASE}close/", deciding.Close.as_view(), name="close"),
    path(f"{CASE}compare/", comparing.compare, name="compare"),
    path(f"{CASE}opinion/", advising.GiveOpinion.as_view(), name="give_opinion"),
    path(f"{CASE}gate/", advising.ClearGate.as_view(), name="clear_gate"),
    path(f"{CASE}gate/<int:gate>/", advising.ClearGate.as_view(), name="clear_gate"),
    path(f"{CASE}raise/", advising.RaiseRisk.as_view(), name="raise_risk"),
    path(f"{CASE}lower/", advising.LowerRisk.as_view(), name="lower_risk"),
    path(
        f"{CASE}lower/confirm/",
        advising.ConfirmLowering.as_view(),
        name="confirm_lowering",
    ),
    path(f"{CASE}<slug:tab>/", cases.case_detail, name="case-tab"),
]
