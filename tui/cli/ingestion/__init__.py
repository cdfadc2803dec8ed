"""From a file, or a selection of entities, to stored properties and entities: reading, requests, the report."""
