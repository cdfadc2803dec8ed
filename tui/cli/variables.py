"""Environment variables that the program heeds; `docs/cli.md` and the manual repeat them, and a test compares."""

VARIABLES = {
    "CATALOG_STATE": "The daemon's state directory, where `--state` does not say it.",
    "CATALOG_URL": "Another daemon's address: `http://…`, `https://…` or `unix:PATH`.",
    "CATALOG_TOKEN": "The token for that address.",
    "CATALOG_CONFIG": "The configuration file.",
    "CATALOG_ME": "Whom `@me` means in query lines: the ref of a user.",
    "CATALOG_OUTPUT": "The output format, where `-o` does not say it.",
    "CATALOG_VIEWS": "The file of the views.",
    "CATALOG_READ_ONLY": "`1` begins the terminal interface with writing switched off.",
    "CATALOG_ASCII": "`1` draws with plain letters instead of lines and symbols.",
    "CATALOG_PAGER": "The pager; then `PAGER`, then less. Empty or `cat` for none.",
    "CATALOG_EDITOR": "The editor; then `GIT_EDITOR`, `VISUAL`, `EDITOR`, then vi.",
    "CATALOG_BROWSER": "The browser that links are opened with; then `BROWSER`.",
    "NO_COLOR": "No colour, as `CLICOLOR=0` and `TERM=dumb`; `CLICOLOR_FORCE` and `FORCE_COLOR` want it in a pipe too.",
}
"""What each of them says."""
