"""Run import-linter with the contracts of pyproject.toml."""

import sys

from importlinter.cli import lint_imports

if __name__ == "__main__":
    sys.exit(lint_imports(is_debug_mode=False, show_timings=False, verbose=False))
