"""The files of pictures: what has an address never changes, and is kept by whoever fetched it."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def picture_file(request: HttpRequest, name: str) -> FileResponse:
    """Give a picture in one of its forms. `name` is checked by its address: no path, no other file.

    Who knows the address of a draft's picture sees it; nobody can guess one.
    """
    try:
        file = default_storage.open(f"pictures/{name[:2]}/{name}")
    except OSError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/webp")
