"""The chain's state at the end of a day, and the inputs of that day's figures.

An end-of-day figure is made in an in-memory DuckDB, of two kinds of tables. `states` depend on all of the past: opened
as they were before a first day, then changed by each day's rows of their ledgers. `inputs` are queries of the warehouse
for one day. A figure declares which of both it reads; the `engine` serves any.
"""
