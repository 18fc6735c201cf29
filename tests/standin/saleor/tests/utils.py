from django.conf import settings
from django.db import connections


def prepare_test_db_connections():
    """Let the replica's name stand for the writer's connection, as Saleor's tests do."""
    connections[settings.DATABASE_CONNECTION_REPLICA_NAME] = connections[
        settings.DATABASE_CONNECTION_DEFAULT_NAME
    ]
