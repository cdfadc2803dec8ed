"""Where a document was read: one file of one ref of one repository."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """A repository (canonical clone URL) at a full git ref name, or at a commit id where a location names one."""

    repository: str
    ref: str

    @property
    def short(self) -> str:
        """The ref as people write it: `main` for `refs/heads/main`."""
        for prefix in ("refs/heads/", "refs/tags/"):
            if self.ref.startswith(prefix):
                return self.ref[len(prefix) :]
        return self.ref


NOWHERE = Branch("", "")
"""The branch of what no repository says."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """The identity of a file: two locations that reach it reach one source."""

    branch: Branch
    path: str
