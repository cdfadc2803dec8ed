"""One thing that was looked at."""

from dataclasses import dataclass
from typing import Literal

Result = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found; `advice` is the next step, "" where there is nothing to do."""

    name: str
    result: Result
    found: str
    advice: str = ""

    @classmethod
    def of(cls, name: str, is_well: bool, found: str, advice: str, otherwise: Result = "failed") -> "Check":
        """`ok`, or `otherwise` with what to do."""
        return cls(name, "ok", found) if is_well else cls(name, otherwise, found, advice)
