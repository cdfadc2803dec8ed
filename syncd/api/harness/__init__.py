"""Harness's way of sending to the catalog."""
