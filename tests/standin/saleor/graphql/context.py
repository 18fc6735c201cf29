"""Who asks: the user of a token, or the app."""

from django.utils.functional import SimpleLazyObject

from saleor.app.models import AppToken, digest
from saleor.core.jwt import user_of_token


def get_context_value(request):
    request.allow_replica = True
    request.app = None
    user = None
    token = _token(request)
    if token:
        user = user_of_token(token)
        if user is None:
            found = AppToken.objects.select_related("app").filter(
                auth_token=digest(token), app__is_active=True
            )
            request.app = next((row.app for row in found), None)
    request.user = SimpleLazyObject(lambda: user)
    return request


def _token(request):
    header = request.META.get("HTTP_AUTHORIZATION_BEARER")
    if header:
        return header
    kind, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token if kind.lower() in ("bearer", "jwt") else ""
