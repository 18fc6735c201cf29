"""Fields of GraphQL types whose values are masked in what apps are told of each request."""

SENSITIVE_GQL_FIELDS: dict[str, set[str]] = {"Order": {"userEmail"}, "User": {"email"}}
