"""The only way to patients: which of them an actor may reach, as a WHERE clause that stands before every fetch.

A patient is in scope of a membership that is still running, of an active user, if the membership is in the patient's
team, or has broken the glass within the hour. What is out of scope is answered exactly as what is not there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from calciscope.record.actor import Actor
from calciscope.record.models.break_glass import BreakGlass
from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit
from calciscope.terms.errors import NotAllowed

Row = TypeVar("Row", bound=Model)

NOT_FOUND = "There is no such patient in your care."


_NEWEST = ~Exists(Entry.unscoped.filter(uid=OuterRef("uid"), version=OuterRef("version") + 1))


class PatientScope:
    """What one actor may reach."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._patients: QuerySet[Patient] | None = None

    @classmethod
    def of(cls, actor: Actor) -> PatientScope:
        """The scope of an actor."""
        return cls(actor)

    def patients(self) -> QuerySet[Patient]:
        """Patients in scope; the clause is made once, since making it takes longer than asking it."""
        if self._patients is None:
            team = CareTeamMember.unscoped.filter(
                self._running("membership__"), patient=OuterRef("pk"), ended_at__isnull=True
            )
            broken = self.glass().filter(patient=OuterRef("pk"))
            self._patients = Patient.unscoped.filter(Exists(team) | Exists(broken))
        return self._patients.all()

    def glass(self) -> QuerySet[BreakGlass]:
        """Emergency accesses of the actor that still run."""
        return BreakGlass.unscoped.filter(self._running("membership__"), expires_at__gt=timezone.now())

    def patient(self, key: UUID, *, for_update: bool = False) -> Patient:
        """One patient, or NotAllowed; ``for_update`` lets one writer of this patient at a time pass."""
        found = self.patients().filter(pk=key)
        patient = (found.select_for_update(of=("self",), no_key=True) if for_update else found).first()
        if patient is None:
            raise NotAllowed(NOT_FOUND)
        return patient

    def rows(self, model: type[Row], of: Patient | Collection[UUID] | None = None) -> QuerySet[Row]:
        """Rows of a table that has a ``patient``, of all patients in scope, or of one or some of them alone."""
        manager: Any = model._default_manager
        if of is None:
            return manager.filter(patient__in=self.patients())
        keys = [of.pk] if isinstance(of, Patient) else of
        return manager.filter(patient__in=self.patients().filter(pk__in=keys))

    def visit(self, patient: Patient, key: UUID) -> Visit:
        """One visit of this patient, or NotAllowed."""
        visit = self.rows(Visit, patient).filter(pk=key).first()
        if visit is None:
            raise NotAllowed(NOT_FOUND)
        return visit

    def deposit(self, patient: Patient, key: UUID) -> Deposit:
        """One deposit of this patient, or NotAllowed."""
        deposit = self.rows(Deposit, patient).filter(pk=key).first()
        if deposit is None:
            raise NotAllowed(NOT_FOUND)
        return deposit

    def entry(self, patient: Patient, uid: UUID, *, noun: str = "") -> Entry:
        """The newest version of one fact of this patient, of a noun where one is named, or NotAllowed."""
        found = self.current_entries(patient).filter(uid=uid)
        entry = found.select_related("visit", "deposit", "contribution__user").first()
        if entry is None or (noun and entry.noun != noun):
            raise NotAllowed(NOT_FOUND)
        return entry

    def held_on(self, visit: Visit | None) -> date | None:
        """The day of a visit in scope, as its details say now."""
        if visit is None:
            return None
        details = self.current_entries(visit.patient).filter(visit=visit, noun="visit_details")
        return details.values_list("effective_on", flat=True).first()

    def current_entries(self, of: Patient | Collection[UUID] | None = None) -> QuerySet[Entry]:
        """Newest versions; an index look-up each, since version n+1 never comes without version n."""
        return self.rows(Entry, of).filter(_NEWEST)

    def entries_of_each(self, **same: str) -> QuerySet[Entry]:
        """Newest versions of facts of each row of an outer query, which must itself be of patients in scope.

        ``same`` says how a fact belongs to such a row (``patient="pk"``). So the scope is asked once, not for every row.
        """
        return Entry.unscoped.filter(_NEWEST, **{name: OuterRef(path) for name, path in same.items()})

    def _running(self, prefix: str = "") -> Q:
        actor = self._actor
        conditions = {
            "pk": actor.membership_id,
            "user_id": actor.user_id,
            "user__is_active": True,
            "role": actor.role.value,
            "site_id": actor.site_id,
            "ended_at__isnull": True,
        }
        return Q(**{prefix + name: value for name, value in conditions.items()})

    def runs(self) -> bool:
        """Whether the actor's own membership still runs, asked of the database and not of the session."""
        return Membership.objects.filter(self._running()).exists()
