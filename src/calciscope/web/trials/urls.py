"""Addresses of trials."""

from __future__ import annotations

from django.urls import path

from calciscope.web.trials import agreeing, amending, drawing, views

PLAN = "trials/<uuid:plan>/"

urlpatterns = [
    path("trials/", views.trials, name="trials"),
    path("trials/new/", drawing.new_trial, name="new_trial"),
    path(PLAN, views.trial, name="trial"),
    path(PLAN + "amend/", amending.amend_trial, name="amend_trial"),
    path(PLAN + "agreement/", agreeing.agreement, name="trial_agreement"),
    path(PLAN + "readings.csv", agreeing.readings_csv, name="trial_readings_csv"),
    path(PLAN + "sdtm.zip", views.sdtm, name="trial_sdtm"),
]
