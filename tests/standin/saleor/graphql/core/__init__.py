from django.http import HttpRequest
from graphql import ResolveInfo as BaseResolveInfo


class SaleorContext(HttpRequest):
    """A request with who asks (`user`, `app`) and where to read (`allow_replica`)."""

    allow_replica = True
    app = None
    user = None


class ResolveInfo(BaseResolveInfo):
    context: SaleorContext
