"""Commands that show examples first, load late, and name the nearest when a name is wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

import click
from click.shell_completion import CompletionItem

from tui.cli.session import Session
from tui.cli.terminal import COLOUR_CHOICES

Function = TypeVar("Function", bound=Callable[..., Any])
Example = tuple[str, str]

_EXCLUSION = re.compile(r"""-[A-Za-z][\w./-]*:|-[A-Za-z][\w./-]+[<>=]|-[("]""")
_NEGATIVE = re.compile(r"-\.?\d")
_KEEP = "\0"

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _store(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if parameter.name and context.get_parameter_source(parameter.name) is not click.core.ParameterSource.DEFAULT:
        setattr(context.ensure_object(Session), parameter.name, value)


def _common_options() -> list[click.Parameter]:
    kept: dict[str, Any] = {"expose_value": False, "callback": _store}
    return [
        click.Option(["--state"], metavar="DIR", help="The daemon's state directory [env: CATALOG_STATE].", **kept),
        click.Option(["--color"], type=click.Choice(COLOUR_CHOICES), help="Colour; default auto.", **kept),
        click.Option(["-q", "--quiet"], is_flag=True, help="No notes on stderr.", **kept),
        click.Option(["-v", "--verbose"], is_flag=True, help="Tell of each request on stderr.", **kept),
        click.Option(
            ["--debug"], is_flag=True, help="Write requests and failures to a file; its path is told.", **kept
        ),
        click.Option(["--no-input"], is_flag=True, help="Never ask; fail instead.", **kept),
    ]


class CatalogCommand(click.Command):
    """A command whose help begins with examples, and that has the options all commands share."""

    def __init__(self, *args: Any, examples: Sequence[Example] = (), common: bool = True, **settings: Any) -> None:
        settings.setdefault("context_settings", {}).update(SETTINGS)
        super().__init__(*args, **settings)
        self.examples = tuple(examples)
        if common:
            self.params += _common_options()

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Usage, examples, description, options: in the order in which a person needs them."""
        self.format_usage(ctx, formatter)
        write_examples(self.examples, ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)


class WordsCommand(CatalogCommand):
    """A command some of whose words begin with a dash and are no options; `plain` gives them back as they were."""

    no_options: re.Pattern[str]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep those words from being read as options."""
        return super().parse_args(ctx, [_KEEP + word if self.no_options.match(word) else word for word in args])


class ValueCommand(WordsCommand):
    """A command that takes values: `-5` is one."""

    no_options = _NEGATIVE


class QueryCommand(WordsCommand):
    """A command that takes a query line: words such as `-tag:legacy` are part of the line, not options."""

    no_options = _EXCLUSION

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, and what a query line may exclude."""
        found = super().shell_complete(ctx, incomplete)
        if not incomplete.startswith("--"):
            lines = (one for one in self.get_params(ctx) if isinstance(one, click.Argument))
            found += [item for line in lines for item in line.shell_complete(ctx, incomplete)]
        return found


def plain(words: Sequence[str]) -> list[str]:
    """The words of a `WordsCommand` as they were typed."""
    return [word.removeprefix(_KEEP) for word in words]


def query_line(words: Sequence[str]) -> str:
    """The query line that the words of a `QueryCommand` make."""
    return " ".join(plain(words))


def catalog_command(
    name: str, summary: str, *examples: Example, cls: type[CatalogCommand] = CatalogCommand, **settings: Any
) -> Callable[[Callable[..., Any]], click.Command]:
    """A decorator that makes a command; the docstring of the function tells what the summary leaves out."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        details = " ".join((function.__doc__ or "").split("\f")[0].split("\n"))
        text = f"{summary}\n\n{' '.join(details.split())}".strip()
        make = click.command(name, cls=cls, help=text, short_help=summary, examples=examples, **settings)
        return make(function)

    return decorate


def write_examples(examples: Sequence[Example], context: click.Context, formatter: click.HelpFormatter) -> None:
    """The section "Examples", with the program's name as it was called."""
    program = context.find_root().info_name or "catalog"
    if examples:
        with formatter.section("Examples"):
            formatter.write_dl([(f"{program} {line}".rstrip(), meaning) for line, meaning in examples])


class CatalogGroup(click.Group):
    """A group of commands that stand in one module."""

    command_class = CatalogCommand

    def __init__(
        self, *args: Any, examples: Sequence[Example] = (), aliases: Mapping[str, str] | None = None, **settings: Any
    ) -> None:
        """`aliases` are other words for commands; the help does not list them."""
        settings.setdefault("context_settings", {}).update(SETTINGS)
        super().__init__(*args, **settings)
        self.examples = tuple(examples)
        self.aliases = dict(aliases or {})
        self.params += _common_options()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name or alias."""
        return super().get_command(ctx, self.aliases.get(cmd_name, cmd_name))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which they were added."""
        return list(self.commands)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Usage, examples, description, commands, options."""
        self.format_usage(ctx, formatter)
        write_examples(self.examples, ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)


class DefaultGroup(CatalogGroup):
    """A group one of whose commands is meant where none is named: `properties REF` is `properties show REF`."""

    def __init__(self, *args: Any, default: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put in the name of the default command, unless another one or help is asked for."""
        asked_for = {*self.commands, *self.aliases, *ctx.help_option_names}
        is_completing = not args and ctx.resilient_parsing
        if not is_completing and not any(word in asked_for for word in self._leading(ctx, args)):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what the default one takes."""
        found = super().shell_complete(ctx, incomplete)
        default = self.commands[self.default]
        arguments = [one for one in default.params if isinstance(one, click.Argument)]
        return found + [item for one in arguments[:1] for item in one.shell_complete(ctx, incomplete)]

    def _leading(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options of the group before the first word that is none, and that word."""
        options = {name: one for one in self.get_params(ctx) if isinstance(one, click.Option) for name in one.opts}
        at = 0
        while at < len(args) and args[at].partition("=")[0] in options and args[at] not in ctx.help_option_names:
            option = options[args[at].partition("=")[0]]
            at += 1 if option.is_flag or "=" in args[at] else 2
        return args[at : at + 1]


class Lazy(NamedTuple):
    """A command that is imported when it is called: what the help says of it is here."""

    section: str
    target: str
    summary: str


class LazyGroup(CatalogGroup):
    """A group that knows its commands by a table and imports only the one that is called."""

    def __init__(self, *args: Any, table: Mapping[str, Lazy], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.table = dict(table)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command."""
        name = self.aliases.get(cmd_name, cmd_name)
        if name not in self.table:
            return None
        module, _, attribute = self.table[name].target.partition(":")
        found = getattr(import_module(module), attribute)
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but the nearest names come from the table."""
        if args[0] not in {*self.table, *self.aliases} and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise click.NoSuchCommand(args[0], possibilities=self.table, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The commands by section."""
        for section in dict.fromkeys(lazy.section for lazy in self.table.values()):
            with formatter.section(section):
                formatter.write_dl([(name, one.summary) for name, one in self.table.items() if one.section == section])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names that begin so, and options."""
        names = [
            CompletionItem(name, help=lazy.summary) for name, lazy in self.table.items() if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)
