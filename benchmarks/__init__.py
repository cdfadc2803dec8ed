"""Figures a user feels, one module an action, printed beside their targets: `python -m benchmarks`."""
