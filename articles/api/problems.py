"""What went wrong, in one form for all of the API: problem details of RFC 9457."""

from http import HTTPStatus

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """Ends a request: the status, a sentence that says what to do, and what is wrong by field."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: dict[str, list[str]] | None = None,
        headers: dict[str, str] | None = None,
    ):
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.errors, self.headers = errors, headers or {}

    def response(self) -> JsonResponse:
        """Return the answer. No cache keeps it."""
        told = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            told["errors"] = self.errors
        response = JsonResponse(
            told,
            status=self.status,
            content_type=CONTENT_TYPE,
            headers={"Cache-Control": "no-store", **self.headers},
            json_dumps_params={"ensure_ascii": False},
        )
        response._has_been_logged = True  # nobody's fault here; 500 is logged where it happens
        return response


def not_found(what: str = "There is nothing at this address.") -> Problem:
    """Return the problem of what is not there, or not for readers."""
    return Problem(404, what)
