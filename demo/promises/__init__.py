"""The promises, checked on what is in the tables, at the supplier, in the mailboxes and in the logs."""

from demo.promises.promise import Promise

__all__ = ["Promise"]
