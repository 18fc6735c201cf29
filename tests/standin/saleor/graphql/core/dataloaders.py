from typing import Generic, TypeVar

from promise import Promise
from promise.dataloader import DataLoader as BaseLoader

from saleor.graphql.core.context import get_database_connection_name

K = TypeVar("K")
R = TypeVar("R")


class DataLoader(BaseLoader, Generic[K, R]):
    context_key = None

    def __new__(cls, context):
        if not hasattr(context, "dataloaders"):
            context.dataloaders = {}
        if cls.context_key not in context.dataloaders:
            context.dataloaders[cls.context_key] = super().__new__(cls)
        return context.dataloaders[cls.context_key]

    def __init__(self, context):
        if not hasattr(self, "context"):
            self.context = context
            self.database_connection_name = get_database_connection_name(context)
            super().__init__()

    def batch_load_fn(self, keys):
        results = self.batch_load(keys)
        return results if isinstance(results, Promise) else Promise.resolve(results)

    def batch_load(self, keys):
        raise NotImplementedError
