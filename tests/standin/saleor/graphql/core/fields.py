from functools import wraps

import graphene
from django.conf import settings

from saleor.core.exceptions import PermissionDenied
from saleor.graphql.utils import get_user_or_app_from_context
from saleor.permission.auth_filters import AuthorizationFilters


def is_allowed(context, permissions):
    """Whether who asks has one of these permissions or is what one of these filters says."""
    requestor = get_user_or_app_from_context(context)
    for permission in permissions:
        if permission is AuthorizationFilters.AUTHENTICATED_APP:
            granted = context.app is not None
        elif permission is AuthorizationFilters.AUTHENTICATED_STAFF_USER:
            granted = bool(context.user) and context.user.is_staff
        elif permission is AuthorizationFilters.AUTHENTICATED_USER:
            granted = bool(context.user)
        elif permission is AuthorizationFilters.OWNER:
            granted = False
        else:
            granted = bool(requestor) and requestor.has_perm(permission)
        if granted:
            return True
    return False


class BaseField(graphene.Field):
    def __init__(self, *args, **kwargs):
        self.doc_category = kwargs.pop("doc_category", None)
        self.webhook_events_info = kwargs.pop("webhook_events_info", None)
        super().__init__(*args, **kwargs)


class PermissionsField(BaseField):
    def __init__(self, *args, **kwargs):
        self.permissions = kwargs.pop("permissions", [])
        assert isinstance(self.permissions, list)
        super().__init__(*args, **kwargs)

    def get_resolver(self, parent_resolver):
        resolver = self.resolver or parent_resolver
        if not self.permissions:
            return resolver

        @wraps(resolver)
        def guarded(root, info, *args, **kwargs):
            if not is_allowed(info.context, self.permissions):
                raise PermissionDenied(permissions=self.permissions)
            return resolver(root, info, *args, **kwargs)

        return guarded


class ConnectionField(PermissionsField):
    def __init__(self, type_, *args, **kwargs):
        limit = settings.GRAPHQL_PAGINATION_LIMIT
        kwargs.setdefault("before", graphene.String(description="Before this cursor."))
        kwargs.setdefault("after", graphene.String(description="After this cursor."))
        kwargs.setdefault("first", graphene.Int(description=f"The first n, at most {limit}."))
        kwargs.setdefault("last", graphene.Int(description=f"The last n, at most {limit}."))
        super().__init__(type_, *args, **kwargs)


class JSONString(graphene.JSONString):
    pass
