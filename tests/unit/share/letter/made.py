"""Facts for letters: a child with much, and one with nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from calciscope.knowledge import knowledge
from calciscope.terms.advice import Card, EvidenceRow
from calciscope.terms.assessment import (
    Assessment,
    Done,
    Due,
    NextTest,
    Point,
    Standing,
    StepTaken,
    Support,
    Weighed,
)
from calciscope.terms.letter_facts import (
    Judged,
    LetterFacts,
    PatientText,
    PlanState,
    Reader,
    Sender,
    ToldDeposit,
    ToldDrug,
    ToldEvidence,
    ToldOption,
    ToldPlan,
    ToldResult,
    ToldScan,
    ToldWord,
    Typed,
    Who,
)
from calciscope.terms.scores import Verification

SITES = (
    "left elbow",
    "right elbow",
    "left knee",
    "right knee",
    "left thigh",
    "back",
    "right forearm",
    "left buttock",
    "chest",
    "left hand",
)
DRUGS = (
    "methotrexate", "prednisone", "hydroxychloroquine", "ivig", "diltiazem", "folic acid", "calcium supplement", "omeprazole",
    "tofacitinib", "thiosulfate topical", "colchicine", "vitamin d",
)  # fmt: skip
CARD = Card(
    rule="infection-suspected",
    because="Infection is suspected at D03 (left knee): look at it today.",
    inputs=("D03 (left knee): infection suspected",),
    source="Own judgement",
    verification=Verification.JUDGEMENT,
)
TYPED = Typed(
    recipient=("Dr Margarethe Großkönigstöchter-Łukasiewicz", "Children's surgery", "12 Long Street"),
    salutation="Dear Dr Großkönigstöchter-Łukasiewicz,",
    question="Should the plate at the left thigh be excised now?\n\nIs the skin good enough?",
    wanted="An opinion on surgery within four weeks.",
    opening="Thank you for sending her.",
    phone="",
)


def deposits(number: int = 10) -> tuple[ToldDeposit, ...]:
    return tuple(
        ToldDeposit(
            label=f"D{place + 1:02d}",
            place=SITES[place % len(SITES)],
            likeness="subcutaneous nodule, hard, white, pain 3, skin intact",
            size=f"{14 + place} × 9 mm (caliper)",
            seen_on="02 Nov 2026",
            state="infection suspected" if place == 2 else "growing" if place % 3 == 0 else "stable",
            state_on="02 Nov 2026",
            remark="rubs against the chair" if place == 4 else "",
            mass="812 mg (640 to 990)" if place < 6 else "",
            mass_on="12 Oct 2026" if place < 6 else "",
            ended=place == 9,
        )
        for place in range(number)
    )


def drug(name: str, **changed: str) -> ToldDrug:
    said = {"dose": "15 mg/wk", "route": "subcutaneous", "indication": "treatment", "since": "03 May 2024"}
    said |= {"until": "", "why_stopped": "", "response": "same", "side_effects": ""}
    return ToldDrug(name=name, code=name.replace(" ", "_"), **(said | changed))


CHOSEN = ToldOption(
    code="diltiazem",
    title="Diltiazem",
    chosen=True,
    reason="Large deposits that are slowly growing while the disease is quiet",
    dose="30 mg three times a day",
    stop_rule="No change on CT after twelve months, or slow pulse",
    who="Rheumatology",
    standing="off label, consent recorded",
    stops=("A pulse below 50 stands against it.",),
    override="ECG was normal on 01 Nov 2026",
)
ASIDE = replace(
    CHOSEN,
    code="excision",
    title="Excision",
    chosen=False,
    reason="The skin is too thin",
    standing="",
    stops=(),
    override="",
)
PLAN = ToldPlan(
    state=PlanState.IN_FORCE,
    version=2,
    agreed_on="02 Nov 2026",
    in_force_on="03 Nov 2026",
    goals="I want to kneel in the garden again.",
    options=(CHOSEN, ASIDE),
    next_steps="ECG in two weeks",
    who_does_what="Family doctor: blood tests. Clinic: scan in a year.",
    stop_rule="New ulcers",
    review_on="02 Feb 2027",
    other_opinions="The surgeon would wait",
    weighed_by="knowledge base 0123456789ab on 02 Nov 2026",
    words=(
        ToldWord(by="Dr A. Example", role="rheumatologist", on="02 Nov 2026", agrees=True, words=""),
        ToldWord(by="B. Example", role="nurse", on="02 Nov 2026", agrees=False, words="Wound first"),
    ),
    later="A newer version of 20 Nov 2026 is being prepared; until it is signed this one holds.",
)
JUDGED = Judged(
    red_flags=(CARD,),
    assessment=Assessment(
        support=Support.WELL,
        support_because=("deposits at typical places", "dermatomyositis is diagnosed"),
        steps=(StepTaken(step="history", title="History", done=Done.DONE, known=(), missing=()),),
        subtypes=(
            Weighed(
                diagnosis="dystrophic",
                title="Dystrophic",
                standing=Standing.SUPPORTED,
                speaks_for=(
                    Point(
                        because="Calcium and phosphate are normal",
                        inputs=(),
                        source="x",
                        verification=Verification.SEEN,
                    ),
                ),
                speaks_against=(),
                missing=(),
            ),
            Weighed(
                diagnosis="metastatic",
                title="Metastatic",
                standing=Standing.OPEN,
                speaks_for=(),
                speaks_against=(),
                missing=(),
            ),
        ),
        differential=(),
        next_tests=(
            NextTest(
                test="phosphate",
                title="Phosphate",
                because="It would tell metastatic calcification.",
                settles=(),
                source="x",
                verification=Verification.MEMORY,
            ),
        ),
        risk_factors=(),
        trials=(),
        due=(),
    ),
    classified="EULAR/ACR 2017 classification: probable, 6.5 points [secondary].",
    missing=("urate: not known",),
    unlocks=("creatinine within 30 days",),
    evidence=(
        ToldEvidence(
            title="Diltiazem",
            rows=(
                EvidenceRow(
                    design="retrospective series",
                    n=78,
                    population="autoimmune connective tissue disease, 30 with dermatomyositis",
                    outcome="partial response 9/17, complete 0",
                    level="4",
                    source="Balin 2012",
                    verification=Verification.SEEN,
                    mismatch="most had systemic sclerosis",
                ),
            ),
            checked="23 Nov 2026",
            reviewed_by="nobody yet",
        ),
    ),
    due=(
        Due(
            therapy="methotrexate",
            rule="a",
            what="Blood count and liver values",
            last=date(2026, 8, 1),
            due=date(2026, 11, 1),
            overdue=True,
        ),
        Due(therapy="hydroxychloroquine", rule="b", what="Eye examination", last=None, due=None, overdue=None),
    ),
    names={"methotrexate": "Methotrexate", "hydroxychloroquine": "Hydroxychloroquine"},
    knowledge_version="0123456789ab",
)


def texts(*treatments: str) -> tuple[PatientText, ...]:
    """As the flow gives them."""
    known = knowledge()
    wanted = [one for one in known.patient_info.values() if not one.therapies or set(one.therapies) & set(treatments)]
    return tuple(
        PatientText(
            id=one.id,
            part=one.part.value,
            title=one.title,
            lines=one.lines,
            therapies=one.therapies,
            source=known.sources[one.source].cite,
            verification=one.verification.value,
            reviewed_by=one.reviewed_by,
        )
        for one in sorted(wanted, key=lambda one: (one.part, one.place, one.id))
    )


MUCH = LetterFacts(
    day="28 Nov 2026",
    who=Who(
        family_name="Müller-Lüdenscheidt-Öztürk",
        given_name="Anna-Élodie",
        born="02 Mar 2014",
        age="12 years",
        numbers="H-0001, H-77",
        reader=Reader.YOUNG,
        synthetic=False,
    ),
    sender=Sender(name="Dr C. Example", role="rheumatologist", site="North clinic"),
    disease=(
        ("Diagnosis", "juvenile dermatomyositis"),
        ("First symptom", "May 2022"),
        ("Diagnosed", "01 Jul 2022"),
        ("First treated", "03 Jul 2022"),
        ("First calcinosis", ""),
        ("Subtype of calcinosis", "dystrophic"),
    ),
    antibodies=("NXP2 positive (line blot, 12 Jul 2022)", "MDA5 negative (line blot, 12 Jul 2022)"),
    person=(("Sex", "female"), ("Height", "138 cm (02 Nov 2026)"), ("Weight", "31 kg (02 Nov 2026)")),
    history=("Smoking: denied",),
    activity=(("Disease", "active"), ("Physician's global, 0 to 10", "3"), ("Judged on", "02 Nov 2026")),
    active=True,
    effects=(("Five effects on the skin and beyond", "02 Nov 2026", "pain: 3; tenderness: 2; redness: not assessed"),),
    scores=(("CDASI v2", "02 Nov 2026", "activity 12; damage 4"),),
    movements=("Left elbow, extension -10 deg, lost 10 deg (02 Nov 2026)",),
    examined="Whole body: deposits found (02 Nov 2026).",
    deposits=deposits(),
    scans=(
        ToldScan(
            on="12 Oct 2026",
            parts="thigh, knee",
            mass="6,364 mg (5,900 to 6,900)",
            deposits="14 (3 not yet looked at by a clinician)",
            change="6,014 to 6,364 mg (+6 %, within measurement error)",
            mass_mg=6364,
            mass_lower_mg=5900,
            mass_upper_mg=6900,
            trend="same",
            doubts="Slices are thicker than 3 mm",
        ),
        ToldScan(
            on="01 Oct 2025",
            parts="thigh, knee",
            mass="6,014 mg (5,500 to 6,500)",
            deposits="12",
            change="",
            mass_mg=6014,
            mass_lower_mg=5500,
            mass_upper_mg=6500,
            trend="",
            doubts="",
        ),
    ),
    drugs=tuple(drug(name) for name in DRUGS),
    past_drugs=(drug("ciclosporin", until="Jan 2025", why_stopped="side effect", side_effects="tremor"),),
    procedures=("Excision, 12 May 2025, D09 back, sent to pathology",),
    results=(
        ToldResult(test="creatine kinase", value="412 U/L", limits="up to 170", on="02 Nov 2026", outside=True),
        ToldResult(test="phosphate", value="1.4 mmol/L", limits="", on="02 Nov 2026", outside=None),
    ),
    conditions=("Dysphagia: ruled out",),
    allergies=("Penicillin, rash (moderate)",),
    screening=("Lung: normal, 02 Nov 2026",),
    plan=PLAN,
    left_out=("note: 3",),
    judged=JUDGED,
    texts=(),
)
NOTHING = replace(
    MUCH,
    who=Who(family_name="Empty", given_name="Emil", born="", age="", numbers="", reader=Reader.ADULT, synthetic=True),
    disease=tuple((label, "") for label, _ in MUCH.disease),
    antibodies=(),
    person=(("Sex", ""), ("Height", ""), ("Weight", "")),
    history=(),
    activity=(),
    active=None,
    effects=(),
    scores=(),
    movements=(),
    examined="",
    deposits=(),
    scans=(),
    drugs=(),
    past_drugs=(),
    procedures=(),
    results=(),
    conditions=(),
    allergies=(),
    screening=(),
    plan=ToldPlan(state=PlanState.NONE),
    left_out=(),
    judged=None,
)
