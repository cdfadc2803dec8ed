"""The API of our own, `/api/own`: all that the command line and the terminal interface use."""
