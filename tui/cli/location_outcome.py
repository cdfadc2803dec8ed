"""What came of a location, in words and as an exit code."""

from collections.abc import Iterator

from tui.answers import LocationItem, ProblemItem
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.output import Choices
from tui.cli.problem_lines import problem_lines
from tui.cli.session import Session

SHOWN = 20
"""Problems told of after `location add`; `catalog errors` shows all."""

_BAD = ("bad", "conflict", "retained")


def state_of(item: LocationItem) -> str:
    """One word: paused, failing, waiting, problems or ok."""
    state = item["state"]
    if item.get("paused"):
        return "paused"
    if state["error"]:
        return "failing"
    if not state["last_success"]:
        return "waiting"
    return "problems" if any(state["counts"].get(outcome) for outcome in _BAD) else "ok"


def phase_of(item: LocationItem) -> str:
    """What is being done to it: `fetching 40%`, reading, storing; "" where nobody looks."""
    state = item["state"]
    percent = state.get("percent")
    return state.get("phase", "") + ("" if percent is None else f" {percent}%")


def report(session: Session, item: LocationItem, choices: Choices | None) -> ExitCode:
    """Tell what was read (on stdout where `choices` is given) and give the exit code.

    Raises `Failure` where the location could not be read at all.
    """
    state = item["state"]
    if state["error"]:
        raise Failure(
            state["error"],
            where=item["location_ref"],
            next_step=state["hint"] or f"the location stays registered and is tried again; code {state['error_code']}",
            code=ExitCode.FAILED,
        )
    problems = session.client.problems(location=item["id"], limit=SHOWN)
    if choices is not None:
        choices.write_lines(_lines(item, problems["items"], problems["total"], colour=choices.colour))
    return ExitCode.PARTLY if problems["total"] else ExitCode.DONE


def _lines(item: LocationItem, problems: list[ProblemItem], total: int, *, colour: bool) -> Iterator[str]:
    counts = item["state"]["counts"]
    entities = counts.get("entity", 0)
    further = [f"{counts[name]} {name}" for name in sorted(counts) if name != "entity" and counts[name]]
    yield ", ".join([f"{entities} {'entity' if entities == 1 else 'entities'}", *further, _problem_count(total)])
    for problem in problems:
        yield from problem_lines(problem, colour=colour)
    if total > len(problems):
        yield f"… and {total - len(problems)} more"


def _problem_count(total: int) -> str:
    return "no problems" if not total else f"{total} problem" + ("s" if total > 1 else "")
