"""The files of pictures: what has an address never changes, and is kept by whoever fetched it."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

_log = logging.getLogger(__name__)


@require_safe
def picture_file(request: HttpRequest, name: str) -> FileResponse | HttpResponse:
    """Give a picture in one of its forms. `name` is checked by its address: no path, no other file.

    Who knows the address of a draft's picture sees it; nobody can guess one.
    """
    try:
        file = default_storage.open(f"pictures/{name[:2]}/{name}")
    except FileNotFoundError as error:
        raise Http404 from error
    except Exception:  # a disk, or a service that is away, in whatever words
        _log.exception("The pictures' storage does not give %s", name)
        return HttpResponse(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    response = FileResponse(file, content_type="image/webp")
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response
