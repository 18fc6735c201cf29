"""What a measurement is: pairs of ours and the reference, taken by turns, and what is wanted."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from statistics import median
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """The bound that a value must keep; None where there is none."""

    at_least: float | None = None
    at_most: float | None = None

    def is_met_by(self, value: float) -> bool:
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    def __str__(self) -> str:
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return " ".join(f"{sign} {bound:,g}" for sign, bound in bounds if bound is not None)


@dataclasses.dataclass(frozen=True, slots=True)
class Measurement:
    """``ours`` and ``reference`` are medians, in ``unit``; ``ratio`` is the median of the ratios
    of the pairs, ``lowest`` and ``highest`` its spread. Without a reference the target is one of
    ``ours`` itself."""

    name: str
    unit: str
    ours: float
    target: Target
    reference: float | None = None
    ratio: float | None = None
    lowest: float | None = None
    highest: float | None = None

    @property
    def is_met(self) -> bool:
        return self.target.is_met_by(self.ours if self.ratio is None else self.ratio)

    def as_json(self) -> dict[str, Any]:
        return {
            **dataclasses.asdict(self),
            "target": str(self.target),
            "is_met": self.is_met,
        }


def paired(
    name: str, unit: str, pairs: Sequence[tuple[float, float]], target: Target
) -> Measurement:
    """What pairs of (ours, reference) come to. What disturbs the machine disturbs both of a pair,
    so it is the ratios that are compared, not the medians of either side."""
    ratios = [ours / reference for ours, reference in pairs]
    return Measurement(
        name=name,
        unit=unit,
        ours=median(ours for ours, _reference in pairs),
        reference=median(reference for _ours, reference in pairs),
        ratio=median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        target=target,
    )


def alone(name: str, unit: str, value: float, target: Target) -> Measurement:
    """A value that is judged by itself."""
    return Measurement(name=name, unit=unit, ours=value, target=target)
