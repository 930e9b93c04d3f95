"""Addresses of a visit."""

from __future__ import annotations

from django.urls import path

from calciscope.web.visit import closing, deposits, drafts, joints, laboratory, opening, part, scoring

VISIT = "patients/<uuid:patient>/visits/<uuid:visit>/"
DEPOSIT = VISIT + "deposits/<uuid:deposit>/"

urlpatterns = [
    path("patients/<uuid:patient>/visits/new/", opening.open_new, name="open_visit"),
    path(VISIT, closing.review, name="visit"),
    path(VISIT + "before/", opening.before, name="visit_before"),
    path(VISIT + "text/", closing.text, name="visit_text"),
    path(VISIT + "sign/", closing.sign, name="visit_sign"),
    path(VISIT + "cancel/", closing.cancel, name="visit_cancel"),
    path(VISIT + "part/<slug:section>/", part.part, name="visit_part"),
    path(VISIT + "draft/<slug:form>/", drafts.keep, name="visit_draft"),
    path("patients/<uuid:patient>/draft/<slug:form>/", drafts.keep, name="patient_draft"),
    path(VISIT + "deposits/", deposits.examination, name="visit_deposits"),
    path(VISIT + "deposits/new/", deposits.new_deposit, name="new_deposit"),
    path(DEPOSIT + "unchanged/", deposits.unchanged, name="deposit_unchanged"),
    path(DEPOSIT + "finding/", deposits.finding, name="deposit_finding"),
    path(DEPOSIT + "event/", deposits.event, name="deposit_event"),
    path(VISIT + "joints/", joints.joints, name="visit_joints"),
    path(VISIT + "scores/", scoring.visit_scores, name="visit_scores"),
    path(VISIT + "scores/<slug:instrument>/", scoring.visit_score, name="visit_score"),
    path(VISIT + "laboratory/", laboratory.laboratory, name="visit_laboratory"),
]
