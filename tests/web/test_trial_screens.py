"""Reading for a trial on its screens: a plan drawn, two read blinded, the third decides, agreement is shown, tables are taken out."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image

from calciscope.record.actions.reading_plans import draw_reading_plan
from calciscope.record.actions.scans import record_measured
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.reading_plan import ReadingItem, ReadingPlan
from calciscope.record.permissions import Role
from calciscope.record.queries.trial_readings import worklist
from calciscope.record.scans import files as scan_files
from calciscope.record.trials.plan import Rules
from calciscope.terms.errors import Refused
from calciscope.web.reading.picture import image_part
from tests.conftest import ROOT
from tests.unit.flows.kept_limb import GRAIN, TWINS, limb
from tests.unit.record.trials.made import NAMES, Trial, made_trial, read_all, readers_of, subjects

OVERVIEW = ROOT / "docs" / "images" / "overview.png"


@pytest.fixture
def trial(people, doctor, files) -> Trial:
    return made_trial(people, doctor)


def first_item(reader) -> UUID:
    return worklist(by=reader).listed[0].item


def ended(steps: int, **more) -> dict[str, str]:
    return {"quality": "readable", "based_on": "0", "seen": str(steps), "lock": "1"} | more


def step(client, item: UUID, edit: str, number: int | str = 1, seen: int = 0, **more):
    said = {"edit": edit, "item": str(number), "seen": str(seen)} | more
    return client.post(reverse("reading_step", kwargs={"reading": item}), said)


def form_of(trial_subjects, readers, **changed) -> dict[str, str]:
    data = {
        "study": "CALC-02", "title": "A second trial", "double_percent": "100", "repeat_percent": "0", "washout_days": "14",
        "limit_mg": "10", "limit_percent": "10", "seed": "7", "judge_events": "on",
    }  # fmt: skip
    data |= {f"reader_{place}": str(seat.membership_id) for place, seat in enumerate(readers, 1)}
    for key, number in trial_subjects.items():
        data |= {f"in-{key}": "on", f"s-{key}": number}
    return data | changed


def test_a_plan_is_drawn_on_the_page_and_says_what_is_wrong(web, people, doctor, files) -> None:
    readers = readers_of(people)
    patients, _ = subjects(doctor)
    page = web.get(reverse("new_trial")).content.decode()
    assert "Secretname" in page and "reader-a reader" in page
    wrong = web.post(
        reverse("new_trial"), form_of(patients, readers, study="two words", double_percent="many", title="")
    )
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "This takes a whole number." in text and 'value="two words"' in text
    wrong = web.post(reverse("new_trial"), form_of(patients, readers, study="two words", title=""))
    assert 'href="#f-study"' in wrong.content.decode() and "This is needed." in wrong.content.decode()
    wrong = web.post(reverse("new_trial"), form_of(patients, (*readers[:2], readers[0])))
    assert 'href="#f-reader_1"' in wrong.content.decode() and not ReadingPlan.unscoped.exists()
    done = web.post(reverse("new_trial"), form_of(patients, readers))
    plan = ReadingPlan.unscoped.get()
    assert done["Location"] == reverse("trial", kwargs={"plan": plan.pk})
    assert (plan.study, plan.rules["seed"], plan.items.count()) == ("CALC-02", 7, 8)
    page = web.get(done["Location"]).content.decode()
    assert "0 of 8 readings locked" in page
    assert not any(name in page for name in NAMES)


def test_a_reader_comes_to_the_worklist_and_sees_no_name_and_no_day(trial, client_of) -> None:
    client = client_of(trial.readers[0])
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("reading_list")
    pages = [client.get(reverse("reading_list")).content.decode()]
    for one in worklist(by=trial.readers[0]).listed:
        pages.append(client.get(reverse("read", kwargs={"reading": one.item})).content.decode())
        assert one.label in pages[-1]
    hidden = [*NAMES, "H-90", *trial.patients.values(), "Mar 2025", "Mar 2026", "2025-03", "2026-03", " mg"]
    hidden += [str(key) for key in (*trial.patients, *(scan for scans in trial.scans.values() for scan in scans))]
    assert [word for page in pages for word in hidden if word in page] == []


def test_a_reading_is_taken_step_by_step_and_locked(trial, client_of) -> None:
    reader = trial.readers[0]
    client, item = client_of(reader), first_item(reader)
    address = reverse("read", kwargs={"reading": item})
    page = step(client, item, "accept").content.decode()
    assert "Number 1 accepted." in page and "2 of 3 to review" in page and 'data-item="2"' in page
    assert "Number 2 relabelled." in step(client, item, "relabel", 2, 1, kind="vascular").content.decode()
    stale = step(client, item, "reject", 3, 1)
    assert stale.status_code == 422 and "took a step since you looked" in stale.content.decode()
    kept = client.post(address, {"quality": "readable", "based_on": "0", "remark": "Half done"})
    assert kept["Location"] == reverse("reading_list")
    assert "Half done" in client.get(address).content.decode()
    left = client.post(address, ended(2, based_on="1"))
    assert left.status_code == 422 and 'href="#list"' in left.content.decode() and "Number 3" in left.content.decode()
    stale = client.post(address, ended(2))
    assert stale.status_code == 422 or "Nothing was saved" in stale.content.decode()
    step(client, item, "reject", 3, 2)
    undone = step(client, item, "undo", 3, 3).content.decode()
    assert "Undone: rejected Number 3." in undone
    step(client, item, "reject", 3, 4)
    assert client.post(address, ended(5, based_on="1")).status_code == 302
    page = client.get(address).content.decode()
    assert "Lock this reading" not in page and "Nothing follows a locked reading" in page and 'data-key="a"' not in page
    assert client.post(address, ended(5, based_on="2")).status_code == 422
    after = step(client, item, "accept", 3, 5)
    assert after.status_code == 422 and "This reading is locked; nothing follows it." in after.content.decode()


def test_the_rest_is_accepted_in_one_step(trial, client_of) -> None:
    reader = trial.readers[0]
    client, item = client_of(reader), first_item(reader)
    step(client, item, "reject", 2)
    page = step(client, item, "accept_rest", 1, 1).content.decode()
    assert "All 3 reviewed" in page and "2 deposits accepted." in page and "The rest is calcinosis" not in page
    assert 'class="tag tag-due">to read' in client.get(reverse("reading_list")).content.decode()


def test_no_mass_is_told_by_what_a_reader_merges(trial, client_of) -> None:
    reader = trial.readers[0]
    client, item = client_of(reader), first_item(reader)
    page = step(client, item, "merge", 1, **{"with": "2"}).content.decode()
    assert "2 deposits merged into M1." in page and "drawn" in page
    assert not re.search(r"\d mg\b", page), "neither what was merged nor how it adds up"


def test_a_scan_that_cannot_be_read_needs_a_remark(trial, client_of) -> None:
    reader = trial.readers[0]
    client, address = client_of(reader), reverse("read", kwargs={"reading": first_item(reader)})
    said = ended(0, quality="not_evaluable")
    assert 'href="#f-remark"' in client.post(address, said).content.decode()
    assert client.post(address, said | {"remark": "Moved throughout"}).status_code == 302


def test_another_readers_item_is_not_there(trial, client_of, web) -> None:
    item = first_item(trial.readers[0])
    for name in ("read", "reading_picture"):
        address = reverse(name, kwargs={"reading": item})
        assert client_of(trial.readers[1]).get(address).status_code == 404
        assert client_of(trial.readers[1]).post(address, ended(0)).status_code == 404
        assert web.get(address).status_code == 403, "a physician who cares for the patient is no reader"
    assert step(client_of(trial.readers[1]), item, "accept").status_code == 404


def test_the_picture_is_the_image_part_alone(trial, client_of) -> None:
    reader = trial.readers[0]
    item = ReadingItem.unscoped.get(pk=first_item(reader))
    address = reverse("reading_picture", kwargs={"reading": item.pk})
    refused = client_of(reader).get(address)
    assert refused.status_code in (404, 422), "what is no overview of ours is not shown at all"
    for folder in Path(scan_files.result_folder(item.patient_id, item.pk)).parent.iterdir():
        (folder / scan_files.OVERVIEW).write_bytes(OVERVIEW.read_bytes())
    answer = client_of(reader).get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    shown = np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"))
    edges = [shown[20:-20, 3], shown[20:-20, -4], shown[3, 20:-20], shown[-4, 20:-20]]
    assert all((edge < 60).all() for edge in edges), "nothing of the white page, where the day stands, is left"
    assert shown.shape[0] > 500 and shown.shape[1] > 900


def test_cuts_through_a_proposal_come_from_the_kept_pixels(people, doctor, files, client_of) -> None:
    made = limb()
    patients, scans = subjects(doctor)
    patient, result = next(iter(patients)), uuid4()
    made.keep(scan_files.result_folder(patient, result))
    study = {"modality": "ct", "done_on": "2026-10-01", "question": "Another"}
    data = made.data(str(result)) | {"folder": str(result), "set_aside": 0}
    record_measured(by=doctor, patient=patient, result=result, study=study, measurement=data)
    one, two, three = readers_of(people)
    draw_reading_plan(
        by=doctor, study="CALC-03", title="With pixels", subjects={patient: "001"}, rules=Rules(repeat_percent=0),
        readers=(one.membership_id, two.membership_id), adjudicator=three.membership_id,
    )  # fmt: skip
    kept = ReadingItem.unscoped.get(visit_number=3, reader_id=one.membership_id)
    client = client_of(one)
    address = reverse("reading_cuts", kwargs={"reading": kept.pk, "item": "1"})
    assert address in client.get(reverse("read", kwargs={"reading": kept.pk})).content.decode()
    answer = client.get(address)
    assert Image.open(io.BytesIO(answer.content)).size == (1096, 360)
    for name in ("reading_scan", "reading_marks"):
        given = client.get(reverse(name, kwargs={"reading": kept.pk, "item": "1"}))
        told = gzip.decompress(given.content)[:352] + str(given.headers).encode()
        assert given["Content-Disposition"] == f'inline; filename="{name.removeprefix("reading_")}.nii.gz"'
        assert not [
            word for word in (b"2026-1", b"2025", str(patient).encode(), *map(str.encode, NAMES)) if word in told
        ]
    for name in ("reading_whole", "reading_whole_marks"):
        assert client.get(reverse(name, kwargs={"reading": kept.pk})).status_code == 200
    seeds = json.dumps([list(one) for one in TWINS])
    page = step(client, kept.pk, "split", made.number_at(TWINS[0]), seeds=seeds).content.decode()
    assert re.search(r"Number \d split into \da and \db\.", page)
    page = step(client, kept.pk, "add", 1, 1, seeds=json.dumps([list(GRAIN)])).content.decode()
    assert "A1 added." in page and not re.search(r"\d mg\b", page)
    assert client.get(address.replace("/1/", "/99/")).status_code == 404
    assert client_of(two).get(address).status_code == 404
    without = ReadingItem.unscoped.get(visit_number=1, reader_id=one.membership_id)
    assert "cuts.png" not in client.get(reverse("read", kwargs={"reading": without.pk})).content.decode()
    assert client.get(reverse("reading_cuts", kwargs={"reading": without.pk, "item": "1"})).status_code == 422


def test_two_scans_side_by_side_are_read_as_a_and_b(people, doctor, files, client_of) -> None:
    trial = made_trial(people, doctor, pairs=True, repeat_percent=0)
    reader = trial.readers[0]
    client, item = client_of(reader), first_item(reader)
    page = client.get(reverse("read", kwargs={"reading": item})).content.decode()
    assert "Read scan A" in page and "Read scan B" in page and "was drawn by lot" in page
    other = UUID(re.findall(r'href="/reading/([0-9a-f-]{36})/"', page)[1])
    step(client, item, "accept_rest")
    left = client.post(reverse("read", kwargs={"reading": item}), ended(1, beside="alike"))
    assert left.status_code == 422 and "Number 1 of scan B" in left.content.decode()
    pages = [page, left.content.decode(), step(client, other, "accept_rest").content.decode()]
    hidden = [*NAMES, *trial.patients.values(), "2025", "2026-03", "Mar 2026", "stable", "grown"]
    assert [word for text in pages for word in hidden if word in text] == []
    without = client.post(reverse("read", kwargs={"reading": item}), ended(1))
    assert 'href="#f-beside"' in without.content.decode()
    assert client.post(reverse("read", kwargs={"reading": item}), ended(1, beside="more")).status_code == 302
    page = client.get(reverse("read", kwargs={"reading": other})).content.decode()
    assert "this scan shows less calcinosis than the other scan" in page and "of the two.</p>" not in page


def test_a_plan_is_amended_on_its_page(trial, web, people, client_of) -> None:
    address = reverse("amend_trial", kwargs={"plan": trial.plan})
    assert (
        reverse("amend_trial", kwargs={"plan": trial.plan})
        in web.get(reverse("trial", kwargs={"plan": trial.plan})).content.decode()
    )
    said = {"what": "rules", "limit_mg": "25", "limit_percent": "10", "washout_days": "0", "judge_events": "on"}
    wrong = web.post(address, said | {"reason": "no"})
    assert (
        wrong.status_code == 422
        and 'href="#f-reason"' in wrong.content.decode()
        and 'value="25"' in wrong.content.decode()
    )
    done = web.post(address, said | {"reason": "The pilot showed wider differences"})
    assert done["Location"] == reverse("trial", kwargs={"plan": trial.plan})
    page = web.get(done["Location"]).content.decode()
    assert "Burdens apart by more than: 10 to 25 mg" in page and "The pilot showed wider differences" in page
    nothing = web.post(address, {"what": "scans", "reason": "New scans came in since"})
    assert nothing.status_code == 422 and "nothing was added" in nothing.content.decode()
    assert client_of(people(Role.RESEARCHER, name="statistics")).get(address).status_code == 403


def test_a_page_without_a_panel_is_never_shown() -> None:
    held = io.BytesIO()
    Image.new("RGB", (1772, 873), "white").save(held, "PNG")
    with pytest.raises(Refused):
        image_part(held.getvalue())


def test_the_third_reader_sees_where_they_differ_and_decides(trial, client_of) -> None:
    read_all(trial.readers[0])
    read_all(trial.readers[1], 1)
    client, item = client_of(trial.third), first_item(trial.third)
    address = reverse("read", kwargs={"reading": item})
    page = client.get(address).content.decode()
    assert (
        "You decide as the third reader" in page
        and "they differ" in page
        and "1 proposal was judged differently" in page
    )
    assert not any(name in page for name in ("reader-a", "reader-b"))
    assert "Reading A: <strong>" in client.get(f"{address}?item=1").content.decode()
    without = client.post(address, ended(0, chosen="own", reason=""))
    assert without.status_code == 422
    key = re.search(r'name="chosen" value="([0-9a-f-]{36})"', page)
    assert key
    said = ended(0, chosen=key[1], reason="Number 1 is a joint's rim")
    assert client.post(address, said).status_code == 302
    assert "Number 1 is a joint" in client.get(address).content.decode()


def test_agreement_is_shown_with_its_intervals_and_its_table(trial, web) -> None:
    read_all(trial.readers[0])
    page = web.get(reverse("trial_agreement", kwargs={"plan": trial.plan})).content.decode()
    assert "Fewer than 3 scans" in page
    read_all(trial.readers[1], 1)
    page = web.get(reverse("trial_agreement", kwargs={"plan": trial.plan})).content.decode()
    assert "100.0 mg" in page and "8 of 12 proposals judged alike" in page
    assert "4 of 4 scans read twice went to the third reader" in page
    assert page.count('<circle class="point"') == 4 and page.count("133.3") >= 4
    assert not any(name in page for name in NAMES)
    table = web.get(reverse("trial_readings_csv", kwargs={"plan": trial.plan})).content.decode()
    assert table.count("repeat") == 4 and table.count("first") == 8


def test_tables_are_taken_out_with_a_line_in_the_audit(trial, web, people, client_of) -> None:
    address = reverse("trial_sdtm", kwargs={"plan": trial.plan})
    nothing = web.get(address)
    assert nothing.status_code == 422 and "nothing to export" in nothing.content.decode()
    read_all(trial.readers[0])
    researcher = people(Role.RESEARCHER, name="statistics")
    for client, by in ((web, trial.doctor), (client_of(researcher), researcher)):
        answer = client.get(address)
        assert answer["Content-Disposition"] == 'attachment; filename="CALC-01-sdtm.zip"'
        with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
            assert {"tu.csv", "tr.xpt", "rs.json", "relrec.csv", "columns.csv"} <= set(opened.namelist())
        line = AuditEvent.unscoped.filter(name="export_readings").order_by("-number")[0]
        assert (line.user_id, line.outcome, line.detail["plan"]) == (by.user_id, "done", str(trial.plan))
    for role in (Role.NURSE, Role.ADMINISTRATOR, Role.OFFICER, Role.READER):
        assert client_of(people(role, name="else")).get(address).status_code == 403


def test_a_researcher_sees_progress_and_draws_nothing(trial, people, client_of) -> None:
    client = client_of(people(Role.RESEARCHER, name="statistics"))
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("trials")
    page = client.get(reverse("trials")).content.decode()
    assert "CALC-01" in page and "Draw a reading plan" not in page
    assert client.get(reverse("new_trial")).status_code == 403
    assert "0 of 12 readings locked" in client.get(reverse("trial", kwargs={"plan": trial.plan})).content.decode()


def test_plans_of_another_site_are_not_there(trial, people, client_of) -> None:
    client = client_of(people(Role.RHEUMATOLOGIST, site="South", name="far"))
    for name in ("trial", "trial_agreement", "trial_sdtm", "trial_readings_csv"):
        assert client.get(reverse(name, kwargs={"plan": trial.plan})).status_code == 404
    assert "CALC-01" not in client.get(reverse("trials")).content.decode()


def test_a_physician_who_reads_waits_for_the_end(trial, client_of) -> None:
    from calciscope.record.actor import Actor
    from calciscope.record.models.membership import Membership
    from calciscope.web.gate.middleware import SEAT

    reader = trial.readers[0]
    seat = Actor.of(Membership.objects.create(user_id=reader.user_id, site_id=reader.site_id, role=Role.RADIOLOGIST))
    client = client_of(reader)
    session = client.session
    session[SEAT] = str(seat.membership_id)
    session.save()
    page = client.get(reverse("trial_agreement", kwargs={"plan": trial.plan})).content.decode()
    assert "once every reading is locked" in page and "Kappa" not in page
