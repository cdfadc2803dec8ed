"""What every request passes before a handler sees it, as plain ASGI, one door a file; `app.py` puts them in order."""
