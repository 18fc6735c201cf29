"""Mapping many products at once from a CSV file: look first, then write; repeat as you like."""

from saleor_cdkeys.acquisition.mapping_import.importing import import_mappings
from saleor_cdkeys.acquisition.mapping_import.outcomes import Outcome, Progress, RowReport

__all__ = ["Outcome", "Progress", "RowReport", "import_mappings"]
