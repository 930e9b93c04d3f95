"""Addresses of imaging."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.imaging import deciding, growing, old, overview, progress, result, sending

IMAGING = "patients/<uuid:patient>/imaging/"
SCAN = IMAGING + "scans/<uuid:scan>/"
RESULT = IMAGING + "measurements/<uuid:measurement>/"
PATIENT_TAB = PatientTab(
    title="Imaging",
    address="imaging",
    place=35,
    beside=("send_scan", "scan", "measured", "undo_candidate", "decide_candidates", "review"),
)

urlpatterns = [
    path("imaging/old-studies/", old.old_studies_screen, name="old_studies"),
    path("imaging/old-studies/<uuid:scan>/", old.assign, name="assign_study"),
    path(IMAGING, overview.imaging, name="imaging"),
    path(IMAGING + "send/", sending.send_scan, name="send_scan"),
    path(SCAN, progress.scan, name="scan"),
    path(SCAN + "part/", sending.scan_part, name="scan_part"),
    path(RESULT, result.measured, name="measured"),
    path(RESULT + "overview.png", result.overview_picture, name="measured_overview"),
    path(RESULT + "report.pdf", result.report, name="measured_report"),
    path(RESULT + "decide/", deciding.decide, name="decide_candidates"),
    path(RESULT + "growing/", growing.growing, name="confirm_growth"),
    path(RESULT + "undo/<int:candidate>/", deciding.undo, name="undo_candidate"),
]
