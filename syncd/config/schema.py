"""The JSON Schema of the configuration file, for editors that complete and check TOML by one."""

import tomllib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from syncd.config.limits import LimitSettings
from syncd.config.settings import Settings
from syncd.config.spelling import spelled
from syncd.config.table import Table


def config_schema() -> dict[str, Any]:
    """What a file may say, with the sentence and the default of each setting; made of what reads the file."""
    schema = Settings.model_json_schema()
    models: dict[str, type[BaseModel]] = {"LimitSettings": LimitSettings}
    models |= {model.__name__: model for model in _subclasses(Table)}
    for name, definition in schema.get("$defs", {}).items():
        _as_written(definition, models[name])
    _as_written(schema, Settings)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "The configuration of git-catalog",
    }


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for inner in model.__subclasses__():
        yield inner
        yield from _subclasses(inner)


def _as_written(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Defaults as TOML has them; no names and bounds of Python's own."""
    definition.pop("title", None)
    for name, said in definition.get("properties", {}).items():
        for word in ("default", "title", "ge"):
            said.pop(word, None)
        field = model.model_fields[name]
        if not field.is_required() and field.default is not None and not isinstance(field.default, BaseModel):
            said["default"] = tomllib.loads(f"value = {spelled(field.default)}")["value"]
