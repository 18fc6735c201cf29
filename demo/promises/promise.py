"""What checking one promise came to."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """``facts`` says what was counted; ``broken`` names each breach, and is empty if kept."""

    title: str
    facts: tuple[str, ...]
    broken: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        return not self.broken
