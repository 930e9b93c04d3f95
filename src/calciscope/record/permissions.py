"""Who may do what: each role's permissions. What the state of a record allows is asked in `policies`."""

from __future__ import annotations

from enum import StrEnum

from calciscope.terms.errors import NotAllowed


class Role(StrEnum):
    """What a person is at a site."""

    RHEUMATOLOGIST = "rheumatologist"
    DERMATOLOGIST = "dermatologist"
    RADIOLOGIST = "radiologist"
    SURGEON = "surgeon"
    PAEDIATRICIAN = "paediatrician"
    NURSE = "nurse"
    PHYSIOTHERAPIST = "physiotherapist"
    RESEARCHER = "researcher"
    READER = "reader"
    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    PATIENT = "patient"


class Permission(StrEnum):
    """One thing that may be allowed; every action and query names the one it needs."""

    LIST_PATIENTS = "list_patients"
    SEE_PATIENT = "see_patient"
    SEE_IDENTITY = "see_identity"
    SEE_ADVICE = "see_advice"
    REGISTER_PATIENT = "register_patient"
    EDIT_IDENTITY = "edit_identity"
    ERASE_IDENTITY = "erase_identity"
    RECORD = "record"
    SIGN = "sign"
    AMEND = "amend"
    UPLOAD_IMAGING = "upload_imaging"
    DECIDE_IMAGING = "decide_imaging"
    MANAGE_TEAM = "manage_team"
    BREAK_GLASS = "break_glass"
    MANAGE_USERS = "manage_users"
    READ_AUDIT = "read_audit"
    READ_COHORT = "read_cohort"
    REVIEW_KNOWLEDGE = "review_knowledge"
    RUN_TRIAL = "run_trial"
    READ_TRIAL = "read_trial"
    EXPORT_TRIAL = "export_trial"
    USE = "use"


_SEE = {Permission.USE, Permission.LIST_PATIENTS, Permission.SEE_PATIENT, Permission.SEE_IDENTITY}
_CARE = _SEE | {Permission.SEE_ADVICE, Permission.RECORD, Permission.BREAK_GLASS, Permission.UPLOAD_IMAGING}
_PHYSICIAN = _CARE | {
    Permission.REGISTER_PATIENT,
    Permission.EDIT_IDENTITY,
    Permission.SIGN,
    Permission.AMEND,
    Permission.DECIDE_IMAGING,
    Permission.MANAGE_TEAM,
    Permission.READ_COHORT,
    Permission.REVIEW_KNOWLEDGE,
    Permission.RUN_TRIAL,
    Permission.EXPORT_TRIAL,
}

ROLE_MAY: dict[Role, frozenset[Permission]] = {
    Role.RHEUMATOLOGIST: frozenset(_PHYSICIAN),
    Role.DERMATOLOGIST: frozenset(_PHYSICIAN),
    Role.PAEDIATRICIAN: frozenset(_PHYSICIAN),
    Role.SURGEON: frozenset(_PHYSICIAN),
    Role.RADIOLOGIST: frozenset(_PHYSICIAN - {Permission.MANAGE_TEAM, Permission.EDIT_IDENTITY}),
    Role.NURSE: frozenset(_CARE | {Permission.REGISTER_PATIENT, Permission.EDIT_IDENTITY}),
    Role.PHYSIOTHERAPIST: frozenset(_CARE),
    Role.RESEARCHER: frozenset({Permission.USE, Permission.READ_COHORT, Permission.EXPORT_TRIAL}),
    Role.READER: frozenset({Permission.USE, Permission.READ_TRIAL}),
    Role.ADMINISTRATOR: frozenset({Permission.USE, Permission.MANAGE_USERS}),
    Role.OFFICER: frozenset({Permission.USE, Permission.READ_AUDIT, Permission.ERASE_IDENTITY}),
    Role.PATIENT: frozenset(),
}
"""A role that is not here may nothing. Administrators and officers reach no clinical data; a reader of a trial reaches scans that
a plan has given them to read, and nobody's name."""

CARE_ROLES = frozenset(role for role, may in ROLE_MAY.items() if Permission.SEE_PATIENT in may)


def may(role: Role, permission: Permission) -> bool:
    """Whether the role has the permission."""
    return permission in ROLE_MAY.get(role, frozenset())


def require(role: Role, permission: Permission) -> None:
    """Raise NotAllowed unless the role has the permission."""
    if not may(role, permission):
        raise NotAllowed(f"The role {role.value} may not do this ({permission.value}).")
