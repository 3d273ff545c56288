"""Who is trained, in what, by which rule, and the records of it."""

from .assignment import Assigned, AssignedState, Rule, StepDone
from .edition import Edition, How, PaperEntry, Passage, Seen
from .member import Activation, Member, Membership
from .path import Path, PathItem, PathLevel, PathStatus, PathVersion, Step
from .question import CheckPass, Question, QuestionKind, QuestionState, QuestionVersion
from .record import Look, Record, RecordKind, Seal, SealKey
from .unit import Office, OfficeRole, Unit, UnitKind, sees_all

__all__ = [
    "Activation",
    "Assigned",
    "AssignedState",
    "CheckPass",
    "Edition",
    "How",
    "Look",
    "Member",
    "Membership",
    "Office",
    "OfficeRole",
    "PaperEntry",
    "Passage",
    "Path",
    "PathItem",
    "PathLevel",
    "PathStatus",
    "PathVersion",
    "Question",
    "QuestionKind",
    "QuestionState",
    "QuestionVersion",
    "Record",
    "RecordKind",
    "Rule",
    "Seal",
    "SealKey",
    "Seen",
    "Step",
    "StepDone",
    "Unit",
    "UnitKind",
    "sees_all",
]
