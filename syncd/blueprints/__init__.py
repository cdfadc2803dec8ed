"""Blueprints: kinds with a schema, as Port has them, and the entities that they describe.

What a blueprint or an entity is, and what a write makes of it, are plain values; `Book`, `Reader`, `Desk` and
`Definitions` bring them together with the catalog.
"""
