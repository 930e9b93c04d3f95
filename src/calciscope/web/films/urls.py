"""Addresses of films."""

from __future__ import annotations

from django.urls import path

from calciscope.web.design.patient_tabs import PatientTab
from calciscope.web.films import listing, measuring, ruler

FILMS = "patients/<uuid:patient>/films/"
FILM = FILMS + "<uuid:film>/"
PATIENT_TAB = PatientTab(title="Films", address="films", place=37, beside=("film", "film_ruler", "add_films"))

urlpatterns = [
    path(FILMS, listing.films, name="films"),
    path(FILMS + "add/", listing.add_films, name="add_films"),
    path(FILM, measuring.film, name="film"),
    path(FILM + "picture.png", measuring.film_picture, name="film_picture"),
    path(FILM + "ruler/", ruler.film_ruler, name="film_ruler"),
]
