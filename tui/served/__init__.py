"""The terminal interface in a browser: one program for each page that is open."""
