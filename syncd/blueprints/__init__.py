"""Blueprints: kinds with a schema, as Port has them, and the values that their entities hold. Pure; no I/O."""
