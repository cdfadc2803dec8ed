"""Backstage's catalog API under `/api/catalog`: what its unmodified clients rely on (spec 3)."""
