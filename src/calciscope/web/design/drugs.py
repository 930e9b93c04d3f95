"""Drugs to choose from under medication, by the names that advice uses; co-medication that its rules name at the end."""

from __future__ import annotations

TREATMENTS = (
    "prednisone", "methylprednisolone_iv", "methotrexate", "azathioprine", "mycophenolate", "ciclosporin", "tacrolimus",
    "hydroxychloroquine", "cyclophosphamide", "ivig", "rituximab", "infliximab", "adalimumab", "etanercept", "abatacept",
    "tofacitinib", "ruxolitinib", "baricitinib", "brepocitinib", "anifrolumab", "dazukibart", "car_t", "thalidomide",
    "lenalidomide", "apremilast", "diltiazem", "pamidronate", "alendronate", "zoledronate", "risedronate", "colchicine",
    "probenecid", "aluminium_hydroxide", "minocycline", "ceftriaxone", "warfarin", "thiosulfate_topical",
    "thiosulfate_intralesional", "thiosulfate_iv", "topical_corticosteroid", "topical_tacrolimus", "calcipotriol",
    "intralesional_corticosteroid", "snf472", "inz701", "analgesia",
)  # fmt: skip
OTHERS = (
    "allopurinol", "aspirin", "calcium", "clarithromycin", "cotrimoxazole", "folic_acid", "insulin", "nsaid", "opioid",
    "proton_pump_inhibitor", "statin", "vitamin_d", "other",
)  # fmt: skip
DRUGS = tuple((code, code.replace("_", " ")) for code in (*TREATMENTS, *OTHERS))
