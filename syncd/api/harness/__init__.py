"""Harness's Catalog Ingestion: custom properties of one entity, of many, or of all that a filter selects."""
