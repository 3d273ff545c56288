"""What an export of everything holds of training: `portal/whole/kinds.py` says what that means."""

from types import MappingProxyType

from portal.whole.kinds import Kind, Part

from .assignment import Assigned, Rule, StepDone
from .edition import Edition, PaperEntry, Seen
from .member import Activation, Member, Membership
from .path import Path, PathItem, PathVersion, Step
from .question import CheckPass, Question, QuestionVersion
from .record import Look, Record, Seal, SealKey
from .unit import Office, Unit

WHOLE = Part(
    kinds=(
        Kind(Unit),
        Kind(Member),
        Kind(Membership),
        Kind(Office),
        Kind(Edition),
        Kind(Seen),
        Kind(PaperEntry),
        Kind(Path),
        Kind(PathItem),
        Kind(PathVersion),
        Kind(Step),
        Kind(Rule),
        Kind(Rule.units.through),
        Kind(Assigned),
        Kind(StepDone),
        Kind(Question),
        Kind(QuestionVersion),
        Kind(CheckPass),
        Kind(Record),
        Kind(SealKey),
        Kind(Seal),
        Kind(Look),
    ),
    left_out=MappingProxyType(
        {Activation: "slips by which an account is opened, as good as passwords: print new ones"}
    ),
)
