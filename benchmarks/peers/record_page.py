"""A bare patient page as anyone would write it: FastAPI, SQLAlchemy's ORM and one Jinja template, on the record's own tables.

`python record_page.py DATABASE_URL PORT`. It shows the same data as the record's page: who, every fact that stands (newest version)
as a table of quantity by day, the deposits, the visits. It has no log-in, no scope, no audit, no chart, no body map, no words for
codes; nothing of it is ours. Frozen: a change would move published ratios.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import JSON, ForeignKey, Uuid, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, joinedload, mapped_column, relationship

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Patient</title></head><body>
<h1>{{ who.family_name }}, {{ who.given_name }}</h1><p>born {{ who.born_on }}; {% for one in numbers %}{{ one.value }} {% endfor %}</p>
<h2>Deposits</h2><ul>{% for one in deposits %}<li>D{{ "%02d" % one.number }}</li>{% endfor %}</ul>
<h2>Visits</h2><ul>{% for one in visits %}<li>{{ one.contribution.at }} {{ one.kind }} {{ one.contribution.user.name }}</li>
{% endfor %}</ul><table><thead><tr><th>Quantity</th>{% for day in days %}<th>{{ day }}</th>{% endfor %}</tr></thead><tbody>
{% for name, cells in rows %}<tr><th>{{ name }}</th>{% for day in days %}<td>{{ cells.get(day, "") }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""


class Base(DeclarativeBase):
    type_annotation_map = {uuid.UUID: Uuid, dict[str, Any]: JSON}


class User(Base):
    __tablename__ = "record_user"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class Contribution(Base):
    __tablename__ = "record_contribution"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]
    user: Mapped[User] = relationship()


class Identity(Base):
    __tablename__ = "record_identity"
    patient_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    family_name: Mapped[str]
    given_name: Mapped[str]
    born_on: Mapped[date | None]


class HospitalNumber(Base):
    __tablename__ = "record_hospitalnumber"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[uuid.UUID]
    value: Mapped[str]


class Deposit(Base):
    __tablename__ = "record_deposit"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[uuid.UUID]
    number: Mapped[int]


class Visit(Base):
    __tablename__ = "record_visit"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[uuid.UUID]


class VisitEvent(Base):
    __tablename__ = "record_visitevent"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Visit.id))
    step: Mapped[int]
    kind: Mapped[str]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Contribution.id))
    contribution: Mapped[Contribution] = relationship()
    visit: Mapped[Visit] = relationship()


class Entry(Base):
    __tablename__ = "record_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID]
    version: Mapped[int]
    patient_id: Mapped[uuid.UUID]
    noun: Mapped[str]
    effective_on: Mapped[date | None]
    deposit_id: Mapped[uuid.UUID | None]
    data: Mapped[dict[str, Any]]
    status: Mapped[str]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Contribution.id))
    contribution: Mapped[Contribution] = relationship()


def table(entries: list[Entry], deposits: list[Deposit]) -> tuple[list[date], list[tuple[str, dict[date, str]]]]:
    """Days, and a row for each quantity with what was said on each day."""
    labels = {deposit.id: f"D{deposit.number:02d} " for deposit in deposits}
    rows: dict[str, dict[date, str]] = {}
    for entry in entries:
        day = entry.effective_on or entry.contribution.at.date()
        which = labels.get(entry.deposit_id, "") if entry.deposit_id else str(entry.data.get("test", ""))
        for name, value in entry.data.items():
            said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            rows.setdefault(f"{entry.noun} {which} {name}", {})[day] = f"{said} ({entry.contribution.user.name})"
    return sorted({day for cells in rows.values() for day in cells}), sorted(rows.items())


def made(url: str) -> FastAPI:
    """The application on a database."""
    engine = create_engine(url, json_deserializer=json.loads)
    app = FastAPI()
    template = Environment(autoescape=True).from_string(PAGE)

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    @app.get("/patients/{patient}/", response_class=HTMLResponse)
    def page(patient: uuid.UUID, db: Session = Depends(session)) -> str:  # noqa: B008 - how FastAPI declares it
        who = db.get(Identity, patient)
        if who is None:
            raise HTTPException(404)
        newer = aliased(Entry)
        later = select(newer.id).where(newer.uid == Entry.uid, newer.version > Entry.version).exists()
        whole = joinedload(Entry.contribution).joinedload(Contribution.user)
        asked = select(Entry).where(Entry.patient_id == patient, ~later, Entry.status != "entered_in_error")
        entries = list(db.scalars(asked.order_by(Entry.effective_on, Entry.id).options(whole)))
        deposits = list(db.scalars(select(Deposit).where(Deposit.patient_id == patient).order_by(Deposit.number)))
        events = select(VisitEvent).join(VisitEvent.visit).where(Visit.patient_id == patient)
        by_whom = joinedload(VisitEvent.contribution).joinedload(Contribution.user)
        visits = sorted(db.scalars(events.options(by_whom)), key=lambda one: one.contribution.at, reverse=True)
        numbers = db.scalars(select(HospitalNumber).where(HospitalNumber.patient_id == patient)).all()
        days, rows = table(entries, deposits)
        return template.render(who=who, numbers=numbers, deposits=deposits, visits=visits, days=days, rows=rows)

    return app


if __name__ == "__main__":
    uvicorn.run(made(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
