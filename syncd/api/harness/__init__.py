"""Harness's Catalog Ingestion and activity: what clients of Harness send to the catalog."""
