"""What must never be so cannot be written, whatever the code above the database believes."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tests.db.constraints import deliveries, keys, orders, others, products

#: What must never be written → the constraint, or the unique column, that forbids it. Each writes
#: what is fine first, and last what must never be.
NEVER = [*keys.NEVER, *orders.NEVER, *deliveries.NEVER, *products.NEVER, *others.NEVER]


def _said(by: str) -> str:
    """What PostgreSQL says of it: a constraint's name, or that of a unique column's index."""
    model, _dot, column = by.rpartition(".")
    return f'"saleor_cdkeys_{model.lower()}_{column}' if model else f'"{by}"'


@pytest.mark.parametrize(
    ("write", "by"), NEVER, ids=[f"{write.__name__}-{by}" for write, by in NEVER]
)
def test_what_must_never_be_cannot_be_written(db, write, by):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    # Of a column's name, an index keeps only the beginning.
    assert _said(by)[:36] in str(refused.value)


def test_every_constraint_that_there_is_has_been_tried():
    promised = set()
    for model in apps.get_app_config("saleor_cdkeys").get_models():
        promised |= {constraint.name for constraint in model._meta.constraints}
        promised |= {
            f"{model.__name__}.{field.name}"
            for field in model._meta.concrete_fields
            if field.unique and not field.primary_key
        }
    assert promised == {by for _write, by in NEVER}
