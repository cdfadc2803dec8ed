"""The version, as a constant: reading it from the installed package costs more than starting."""

VERSION = "0.1.0"

OUTPUT_VERSION = 1
"""Of the formats that `-o` prints; a change that breaks a reader counts it up."""
