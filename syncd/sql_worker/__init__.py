"""The sandboxed process for user SQL (R66-R70). It imports only duckdb and the standard library.

A process that runs what strangers write has nothing to reach: no network, no file but snapshots, no other program, a
bound on memory and time (`walls`). Behind that, the engine's own settings (`engine`) and a look at the statement before
it runs (`statement`).
"""
