"""Rows in, rows out: no HTTP, no clock, no file, no database. A function is named for the table it fills."""
