"""Importing keys from files: look first (preview), store (import_keys), take back (undo_batch)."""

from saleor_cdkeys.acquisition.stock_import.headings import Role
from saleor_cdkeys.acquisition.stock_import.importing import ImportStopped, import_keys
from saleor_cdkeys.acquisition.stock_import.options import (
    ImportOptions,
    read_columns,
    read_delimiter,
)
from saleor_cdkeys.acquisition.stock_import.outcomes import (
    Outcome,
    Progress,
    RowReport,
    UndoResult,
)
from saleor_cdkeys.acquisition.stock_import.previewing import ImportPreview, preview
from saleor_cdkeys.acquisition.stock_import.source import Source
from saleor_cdkeys.acquisition.stock_import.undo import count_removable, undo_batch

__all__ = [
    "ImportOptions",
    "ImportPreview",
    "ImportStopped",
    "Outcome",
    "Progress",
    "Role",
    "RowReport",
    "Source",
    "UndoResult",
    "count_removable",
    "import_keys",
    "preview",
    "read_columns",
    "read_delimiter",
    "undo_batch",
]
