"""What the desks of all models have in common."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters


class DeskAdmin(admin.ModelAdmin):
    """A desk whose list is asked for in its address, by what anybody may have written there."""

    def get_changelist_instance(self, request):
        """Take values that no row can have for values that no filter has: what the list does of
        itself where it makes a query, not where the query is done, such as of the year 10,000."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
