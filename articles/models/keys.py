"""Rows looked up by keys as addresses and forms send them: text that anybody may have written."""

from django.db.models import AutoField, BigAutoField
from django.db.models.lookups import In


@AutoField.register_lookup
@BigAutoField.register_lookup
class KeyIn(In):
    """Rows whose key is one of these: what no database takes for a key is that of no row.

    Django looks so for what was ticked in a list, chosen in a form, or is to be shown as chosen;
    of the other lookups it knows by itself that a number is too large.
    """

    def get_prep_lookup(self):
        if self.rhs_is_direct_value():
            self.rhs = [one for one in self.rhs if _may_be_key(one)]
        return super().get_prep_lookup()


def _may_be_key(value) -> bool:
    if not isinstance(value, str | int):
        return True
    try:
        return abs(int(value)) < 2**63
    except ValueError:
        return False
