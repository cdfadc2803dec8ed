"""What every entity must look like, whatever its kind (spec 1.1 to 1.3)."""

from syncd.model.json import JsonObject
from syncd.process.formats import API_VERSION, KEY, KIND, LABEL_VALUE, NAME, NAMESPACE, TAG
from syncd.process.link import is_absolute_url
from syncd.process.schema import Entries, Fields, Items, Rule, Text, Violation


def _has_ink(text: str) -> bool:
    return not text.isspace()


_TEXT = Text()
_VISIBLE = Text(test=_has_ink, wanted="visible text")
_LINK = Fields(
    {"url": Text(test=is_absolute_url, wanted="an absolute URL such as https://example.com")},
    {"title": _VISIBLE, "icon": _VISIBLE, "type": _TEXT},
)


def metadata_of(name: Rule, namespace: Rule) -> Fields:
    """What `metadata` holds, with names and namespaces of this form.

    `annotations:` with nothing below it is common in real files, and the catalog adds to it in any case.
    """
    return Fields(
        {"name": name},
        {
            "namespace": namespace,
            "uid": _TEXT,
            "etag": _TEXT,
            "title": _TEXT,
            "description": Text(empty=True),
            "labels": Entries(KEY, Text(LABEL_VALUE, empty=True)),
            "annotations": Entries(KEY, Text(empty=True), nullable=True),
            "tags": Items(Text(TAG)),
            "links": Items(_LINK),
        },
    )


_ENVELOPE = Fields(
    {
        "apiVersion": Text(API_VERSION, example="backstage.io/v1alpha1"),
        "kind": Text(KIND, example="Component"),
        "metadata": metadata_of(Text(NAME, example="my-service"), Text(NAMESPACE)),
    },
    {"spec": Fields()},
    closed=True,
    ours=("relations", "status"),
)


def check_envelope(entity: JsonObject, found: list[Violation]) -> None:
    """Add what is wrong with the root fields and with metadata; `spec` is only asked to be a mapping."""
    _ENVELOPE.check(entity, (), found)
