"""A patient's picture as JSON becomes a `PatientPicture`. Null and absent both mean not known; nothing is swallowed."""

from __future__ import annotations

from datetime import date

from calciscope.read.json_object import Fields, json_object
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.errors import Refused
from calciscope.terms.picture import (
    ActivityState,
    DepositForm,
    DepositState,
    Diagnosis,
    DiseaseType,
    Lab,
    Medication,
    PatientPicture,
    Person,
    Screening,
    SeenDeposit,
    Sex,
)

WHAT = "picture"


def read_picture(given: bytes) -> PatientPicture:
    """The picture. Raises Refused for what is no JSON, has a wrong type, or a number that no patient can have."""
    unread: list[str] = []
    top = Fields(json_object(given, "The picture"), WHAT, unread)
    as_of = top.day("as_of")
    if as_of is None:
        raise Refused('picture.as_of must be there: the day that the picture is of, such as "2026-11-23".')
    patient, diagnosis = _person(top.object("patient")), _diagnosis(top.object("diagnosis"))
    activity = top.object("activity")
    state = activity.word("state", ActivityState)
    activity.done()
    deposits, labs, medications = top.objects("deposits"), top.objects("labs"), top.objects("medications")
    present, absent = _conditions(top)
    allergies = top.texts("allergies")
    read_deposits = None if deposits is None else tuple(_deposit(one) for one in deposits)
    read_labs = tuple(_lab(one) for one in labs or ())
    read_medications = None if medications is None else tuple(_medication(one) for one in medications)
    screened = _screened(top.object("screened"))
    top.done()
    if patient.born is not None and patient.born > as_of:
        raise Refused("picture.patient.born lies after picture.as_of; one of the two dates is wrong.")
    return PatientPicture(
        as_of=as_of,
        patient=patient,
        diagnosis=diagnosis,
        activity=state,
        deposits=read_deposits,
        labs=read_labs,
        medications=read_medications,
        conditions=present,
        conditions_absent=absent,
        allergies=None if allergies is None else frozenset(allergies),
        screened=screened,
        unread=tuple(unread),
    )


def _person(fields: Fields) -> Person:
    person = Person(
        born=fields.day("born"),
        sex=fields.word("sex", Sex),
        weight_kg=fields.number("weight_kg", low=0.3, high=400),
        height_cm=fields.number("height_cm", low=20, high=250),
        pregnant=fields.flag("pregnant"),
        childbearing_potential=fields.flag("childbearing_potential"),
        breastfeeding=fields.flag("breastfeeding"),
    )
    fields.done()
    return person


def _diagnosis(fields: Fields) -> Diagnosis:
    antibodies = fields.texts("antibodies")
    diagnosis = Diagnosis(
        type=fields.word("type", DiseaseType),
        onset=fields.day("onset"),
        treatment_start=fields.day("treatment_start"),
        antibodies=None if antibodies is None else frozenset(antibodies),
    )
    fields.done()
    return diagnosis


def _deposit(fields: Fields) -> SeenDeposit:
    deposit = SeenDeposit(
        site=fields.word("site", Region),
        side=fields.word("side", Side),
        layer=fields.word("layer", Layer),
        form=fields.word("form", DepositForm),
        longest_mm=fields.number("longest_mm", low=0, high=2000),
        symptomatic=fields.flag("symptomatic"),
        states=fields.words("state", DepositState),
        from_imaging=fields.flag("from_imaging") or False,
    )
    fields.done()
    return deposit


def _lab(fields: Fields) -> Lab:
    lab = Lab(
        loinc=fields.text("loinc"),
        name=fields.text("name"),
        value=fields.number("value"),
        unit=fields.text("unit"),
        low=fields.number("low"),
        high=fields.number("high"),
        day=fields.day("date"),
    )
    fields.done()
    return lab


def _medication(fields: Fields) -> Medication:
    therapy = fields.text("therapy")
    if therapy is None:
        raise Refused("picture.medications holds an entry without a therapy; name the drug.")
    medication = Medication(
        therapy=therapy,
        dose=fields.number("dose", low=0),
        unit=fields.text("unit"),
        route=fields.text("route"),
        indication=fields.text("indication"),
        since=fields.day("since"),
    )
    fields.done()
    return medication


def _screened(fields: Fields) -> tuple[tuple[Screening, date], ...]:
    """When each was last looked at."""
    found = tuple((one, day) for one in Screening if (day := fields.day(one.value)) is not None)
    fields.done()
    return found


def _conditions(top: Fields) -> tuple[frozenset[str], frozenset[str]]:
    """(present, absent): a list of what is present, conditions_absent beside it."""
    present, absent = top.texts("conditions") or (), top.texts("conditions_absent") or ()
    return frozenset(present), frozenset(absent) - frozenset(present)
