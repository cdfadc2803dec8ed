"""What a request of Port's says beside its body."""

from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.blueprints.asked import Asked
from syncd.blueprints.identifier import ENTITY
from syncd.blueprints.reader import Shape
from syncd.blueprints.reply import Projection
from syncd.errors import InputError, NotFoundError
from syncd.model.text import shown

_YES_OR_NO = ("true", "false")
RUN = Parameter("run_id", may_be_empty=True)
"""The Terraform provider sends it always, mostly empty (P79)."""
CREATE_MISSING = Parameter("create_missing_related_entities", choices=_YES_OR_NO)
WRITING = (CREATE_MISSING, RUN)
POSTING = (
    Parameter("upsert", choices=_YES_OR_NO),
    Parameter("merge", choices=_YES_OR_NO),
    Parameter("validation_only", choices=_YES_OR_NO),
    *WRITING,
)
DELETING = (Parameter("delete_dependents", choices=_YES_OR_NO), RUN)
DELETING_ALL = (Parameter("delete_blueprint", choices=_YES_OR_NO), RUN)
SHAPE = (
    Parameter("include", "list"),
    Parameter("exclude", "list"),
    Parameter("exclude_calculated_properties", choices=_YES_OR_NO),
    Parameter("attach_title_to_relation", choices=_YES_OR_NO),
    Parameter("attach_identifier_to_title_mirror_properties", choices=_YES_OR_NO),
    Parameter("allow_partial_results", choices=_YES_OR_NO),
)
CREATE_PAGE = Parameter("create_catalog_page", choices=_YES_OR_NO)
DELETE_ACTIONS = Parameter("delete_actions", choices=_YES_OR_NO)


def is_set(request: Request, name: str) -> bool:
    """Whether a parameter says yes."""
    return request.query.text(name) == "true"


def asked(request: Request) -> Asked:
    """Who writes, and how; `NotFoundError` for an action run that is not there (P24)."""
    run = request.query.text("run_id")
    if run:
        raise NotFoundError(f"there is no action run {shown(run)}", hint="leave run_id out")
    tag = request.header(b"if-match")
    return Asked(
        request.actor,
        request.id,
        tag.strip().removeprefix("W/") if tag is not None else None,
        is_set(request, "validation_only"),
        is_set(request, "create_missing_related_entities"),
    )


def shape(request: Request) -> Shape:
    """What of an entity is asked for (P33-P35)."""
    return Shape(
        Projection.of(request.query.texts("include"), request.query.texts("exclude")),
        computed=not is_set(request, "exclude_calculated_properties"),
        titles=is_set(request, "attach_title_to_relation"),
        identified=is_set(request, "attach_identifier_to_title_mirror_properties"),
    )


def entity_identifier(request: Request) -> str:
    """The identifier in the path; `InputError` for a text that none can be (P17)."""
    text = request.parameters["entity"]
    if not ENTITY.fits(text):
        raise InputError(f"{shown(text)} is no identifier of an entity", hint=ENTITY.rule)
    return text
