"""What is asked most, answered from the process: sets of entities, orders and documents, kept up with publications.

Each structure is begun by SQL at the moment when it is first needed, and learns from the journal what was published
since, by the Python reading of the same condition. Nothing here is asked of a structure that could not follow: it is
begun again. So memory grows with what is asked, not with the catalog.
"""
