"""A page says that it was read."""

from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..read_counts import note_read


@csrf_exempt  # it knows no session and no cookie: there is nobody to be misused
@require_POST
def read(request, pk):
    """Count a reading; not one that another site makes its visitors' browsers tell of."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return HttpResponse(status=403)
    if not note_read(pk, request):
        raise Http404
    return HttpResponse(status=204)
