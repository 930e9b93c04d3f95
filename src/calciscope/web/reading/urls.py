"""Addresses of reading. The key of what is to be read tells neither the patient nor the scan."""

from __future__ import annotations

from django.urls import path

from calciscope.web.reading import pixels, views

READING = "reading/<uuid:reading>/"
ITEM = READING + "items/<slug:item>/"

urlpatterns = [
    path("reading/", views.reading_list, name="reading_list"),
    path(READING, views.read, name="read"),
    path(READING + "step/", views.step, name="reading_step"),
    path(READING + "picture.png", pixels.picture, name="reading_picture"),
    path(READING + "whole/scan.nii.gz", pixels.whole_scan, name="reading_whole"),
    path(READING + "whole/marks.nii.gz", pixels.whole_marks, name="reading_whole_marks"),
    path(ITEM + "scan.nii.gz", pixels.item_scan, name="reading_scan"),
    path(ITEM + "marks.nii.gz", pixels.item_marks, name="reading_marks"),
    path(ITEM + "cuts.png", pixels.item_cuts, name="reading_cuts"),
]
