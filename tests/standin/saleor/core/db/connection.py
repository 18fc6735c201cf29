from contextlib import contextmanager

from django.conf import settings
from django.db import connections


@contextmanager
def allow_writer():
    """Permit the writer's connection, which GraphQL requests and tasks are otherwise kept from."""
    connection = connections[settings.DATABASE_CONNECTION_DEFAULT_NAME]
    outer = getattr(connection, "_allow_writer", False)
    connection._allow_writer = True
    try:
        yield
    finally:
        connection._allow_writer = outer
