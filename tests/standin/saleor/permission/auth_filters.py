from enum import Enum


class AuthorizationFilters(Enum):
    AUTHENTICATED_APP = "authorization_filters.authenticated_app"
    AUTHENTICATED_STAFF_USER = "authorization_filters.authenticated_staff_user"
    AUTHENTICATED_USER = "authorization_filters.authenticated_user"
    OWNER = "authorization_filters.owner"
