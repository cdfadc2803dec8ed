"""Problems as compilers print them: `file:line: message`, then where that is and what to do next."""

from collections.abc import Iterator, Sequence

from tui.answers import ProblemItem
from tui.cli.table import DIM, RED, styled
from tui.safe_text import safe_text


def problem_lines(problem: ProblemItem, *, colour: bool = False) -> Iterator[str]:
    """The lines of one problem, safe for a terminal."""
    message = safe_text(problem["message"])
    yield f"{safe_text(position(problem))}: {styled(message, RED) if colour else message}"
    context = [part for part in (_repository(problem), problem["ref"], problem["code"]) if part]
    detail = f"    in    {safe_text(' · '.join(context))}"
    yield styled(detail, DIM) if colour else detail
    if problem["hint"]:
        yield f"    next  {safe_text(problem['hint'])}"


def position(problem: ProblemItem) -> str:
    """`path:line:column` as far as known; the repository where no file is to blame."""
    if not problem["path"]:
        return problem.get("repository") or problem.get("location") or "catalog"
    numbers: Sequence[int] = (problem["line"], problem["column"]) if problem["line"] else ()
    return ":".join([problem["path"], *(str(number) for number in numbers if number)])


def _repository(problem: ProblemItem) -> str:
    ref = problem.get("git_ref") or ""
    for prefix in ("refs/heads/", "refs/tags/"):
        ref = ref.removeprefix(prefix)
    return " ".join(part for part in (problem.get("repository") or "", ref) if part)
