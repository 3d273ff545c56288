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

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Make no copy of a row where none is offered: Django does so for whoever sends the name of
        that button, and a row that is made otherwise than by a form would lack all but the form's
        fields."""
        if "_saveasnew" in request.POST and not self.save_as:
            request.POST = request.POST.copy()
            del request.POST["_saveasnew"]
        return super().changeform_view(request, object_id, form_url, extra_context)
