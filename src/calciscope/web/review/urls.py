"""Addresses of the review of a scan."""

from __future__ import annotations

from django.urls import path

from calciscope.web.review import pictures, stepping, views

REVIEW = "patients/<uuid:patient>/imaging/measurements/<uuid:measurement>/review/"
ITEM = REVIEW + "items/<slug:item>/"

urlpatterns = [
    path(REVIEW, views.review_screen, name="review"),
    path(REVIEW + "step/", stepping.step, name="review_step"),
    path(REVIEW + "whole/scan.nii.gz", pictures.whole_scan, name="review_whole"),
    path(REVIEW + "whole/marks.nii.gz", pictures.whole_marks, name="review_whole_marks"),
    path(ITEM + "scan.nii.gz", pictures.item_scan, name="review_scan"),
    path(ITEM + "marks.nii.gz", pictures.item_marks, name="review_marks"),
    path(ITEM + "cuts.png", pictures.item_cuts, name="review_cuts"),
]
